"""One deed on many cases, a result for each, undone where a case is still as the deed left it.

Up to `AT_ONCE` rows are done in the request, more by the jobs process, chunk by chunk; it resumes where it stood. What one
row refuses does not stop the others. Each row is checked by the right of whoever asked, at the moment it is done.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext as _

from bihuan.cases import access
from bihuan.cases.models import Case, CaseEvent
from bihuan.cases.numbers import tidy
from bihuan.cases.states import OPEN_STATES
from bihuan.dispatch.models import Bulk, BulkRow
from bihuan.flow.deeds import DEEDS, Deed, undoing
from bihuan.identity import book as units
from bihuan.identity.models import Staff
from bihuan.identity.viewer import Viewer, viewer_of
from bihuan.kernel import clock
from bihuan.kernel.errors import Conflict, Forbidden, NotFound, RuleError

AT_ONCE = 200
CHUNK = 200
MOST = 20_000
Told = Mapping[str, Any]


def start(viewer: Viewer, deed: str, numbers: Sequence[str], told: Told | None = None) -> Bulk:
    """Begin a deed (`deeds.DEEDS`) on these cases; small ones are done when this returns. `told` as the deed asks for."""
    what = DEEDS.get(deed)
    if what is None:
        raise NotFound("bulk")
    if not viewer.can(what.right):
        raise Forbidden(what.right)
    wanted = list(dict.fromkeys(tidy(one) for one in numbers if one.strip()))
    if not 1 <= len(wanted) <= MOST:
        raise RuleError("bulk.pick", _("请勾选 1 到 %(most)d 张工单。") % {"most": MOST})
    what.check(told or {})
    return _begun(viewer, deed, [BulkRow(number=one) for one in wanted], told or {}, None)


@transaction.atomic
def undo(viewer: Viewer, bulk_id: int) -> Bulk:
    """The inverse for every row that went well and is still as the deed left it; as a bulk deed of its own."""
    done = find(viewer, bulk_id, lock=True)
    if done.finished_at is None or done.undoes_id is not None or done.undone_by_id is not None:
        raise Conflict("bulk.undo", _("这次批量办理还没有结束，或已经撤销。"))
    rows = BulkRow.objects.filter(bulk_id=done.pk, ok=True).order_by("place")
    if not rows:
        raise Conflict("bulk.nothing", _("没有办成的工单，不需要撤销。"))
    fresh = [BulkRow(number=row.number, before=row.before, version=row.version) for row in rows]
    made = _begun(viewer, done.deed, fresh, done.told, done.pk)
    Bulk.objects.filter(pk=done.pk).update(undone_by_id=made.pk)
    return made


def _begun(viewer: Viewer, deed: str, rows: list[BulkRow], told: Told, undoes: int | None) -> Bulk:
    with transaction.atomic():
        made = Bulk.objects.create(
            deed=deed, at=clock.now(), by_id=viewer.staff_id, told=dict(told), total=len(rows), undoes_id=undoes,
            language=translation.get_language() or "zh-hans",
        )  # fmt: skip
        for place, row in enumerate(rows, 1):
            row.bulk_id, row.place = made.pk, place
        BulkRow.objects.bulk_create(rows, batch_size=2000)
    if len(rows) <= AT_ONCE:
        while _chunk(made.pk):
            pass
    made.refresh_from_db()
    return made


def run() -> int:
    """One round of the jobs process: a chunk of each deed that is under way; answers how many rows."""
    under_way = Bulk.objects.filter(finished_at=None).order_by("id").values_list("pk", flat=True)[:20]
    return sum(_chunk(pk) for pk in under_way)


def _chunk(bulk_id: int) -> int:
    with transaction.atomic():
        made = Bulk.objects.select_for_update(skip_locked=True).filter(pk=bulk_id, finished_at=None).first()
        if made is None:
            return 0
        rows = list(BulkRow.objects.filter(bulk_id=bulk_id, ok=None).order_by("place")[:CHUNK])
        with translation.override(made.language):
            _do(made, rows)
        BulkRow.objects.bulk_update(rows, ["ok", "text", "before", "version"])
        made.done += len(rows)
        made.good += sum(bool(row.ok) for row in rows)
        if made.done >= made.total or not rows:
            made.finished_at = clock.now()
        made.save(update_fields=["done", "good", "finished_at"])
    return len(rows)


def _do(made: Bulk, rows: Sequence[BulkRow]) -> None:
    viewer = viewer_of(Staff.objects.get(pk=made.by_id), units.units())
    deed = DEEDS[made.deed] if made.undoes_id is None else undoing(made.deed)
    query = access.visible(viewer).filter(number__in=[row.number for row in rows]).order_by("id")
    found = {case.number: case for case in query.select_for_update(of=("self",))}
    fit: list[tuple[BulkRow, Case]] = []
    changed = _changed(rows, found) if made.undoes_id is not None else frozenset()
    for row in rows:
        case = found.get(row.number)
        if case is None:
            row.ok, row.text = False, str(NotFound("case").message)
        elif not access.may(viewer, case, deed.right):
            row.ok, row.text = False, _("您可以查看，但不能办理这一步。")
        elif case.id in changed:
            row.ok, row.text = False, _("之后已有别的办理，不再撤销。")
        else:
            if made.undoes_id is None:
                row.before = {
                    "unit": case.holder_unit_id, "handler": case.handler_id, "status": case.status,
                    "priority": case.priority,
                }  # fmt: skip
            fit.append((row, case))
    _act(deed, fit, viewer, made.told)
    ends = dict(Case.objects.filter(pk__in=[case.id for _row, case in fit]).values_list("pk", "version"))
    for row, case in fit:
        row.version = ends.get(case.id)


def _act(deed: Deed, fit: Sequence[tuple[BulkRow, Case]], viewer: Viewer, told: Told) -> None:
    """All at once where the deed can; whatever that refuses, and every other deed, row by row."""
    if deed.many is not None and fit:
        try:
            with transaction.atomic():
                results = deed.many([case for _row, case in fit], viewer, told, {c.id: row.before for row, c in fit})
            for row, case in fit:
                row.ok, row.text = results[case.id]
        except RuleError as refused:
            for row, _case in fit:
                row.ok, row.text = False, str(refused.message)
        return
    for row, case in fit:
        row.ok, row.text = _one(deed.one, case, viewer, told, row.before)


def _one(
    act: Callable[..., str], case: Case, viewer: Viewer, told: Told, before: Mapping[str, Any]
) -> tuple[bool, str]:
    try:
        with transaction.atomic():
            return True, act(case, viewer, told, before)
    except RuleError as refused:
        return False, str(refused.message)


def _changed(rows: Sequence[BulkRow], found: Mapping[str, Case]) -> frozenset[int]:
    """Cases on which somebody did something after the deed; what clocks told meanwhile changes nothing."""
    marks = {found[row.number].id: row.version or 0 for row in rows if row.number in found}
    later = CaseEvent.objects.filter(case_id__in=marks, seq__gt=min(marks.values(), default=0))
    told = later.exclude(Q(kind__startswith="clock_") | Q(kind__startswith="deadline_")).values_list("case_id", "seq")
    return frozenset(case_id for case_id, seq in told if seq > marks[case_id])


def find(viewer: Viewer, bulk_id: int, *, lock: bool = False) -> Bulk:
    """One's own bulk deed."""
    rows = Bulk.objects.select_for_update() if lock else Bulk.objects.all()
    found = rows.filter(pk=bulk_id, by_id=viewer.staff_id).first()
    if found is None:
        raise NotFound("bulk")
    return found


def numbers_of_unit(viewer: Viewer, unit_id: int) -> list[str]:
    """Every open case the unit holds that the viewer sees, the oldest first; at most one more than a deed takes."""
    held = access.visible(viewer).filter(holder_unit_id=unit_id, status__in=OPEN_STATES)
    return list(held.order_by("id").values_list("number", flat=True)[: MOST + 1])
