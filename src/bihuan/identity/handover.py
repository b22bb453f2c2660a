"""Handing a shift over (交接班): what the next one must know, and that she has read it."""

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

from bihuan.identity.models import Handover, Unit
from bihuan.identity.viewer import Viewer
from bihuan.kernel import clock
from bihuan.kernel.errors import Conflict, Forbidden, NotFound, RuleError
from bihuan.kernel.history import edited_by

COUNTS = ("open", "late", "due_soon", "urgent")
LONGEST = 4000


def give(unit_id: int, note: str, counts: Mapping[str, int], by: Viewer) -> Handover:
    """Hand the unit's shift over; `counts` (`COUNTS`) is what was open at this moment."""
    _must_belong(by, unit_id)
    note = note.strip()
    if not note:
        raise RuleError("handover.empty", _("请写明交接内容；没有遗留事项也要写“无”。"), field="note")
    if len(note) > LONGEST:
        raise RuleError("handover.long", _("交接内容最多 4000 字。"), field="note")
    with edited_by(by.staff_id):
        if not Unit.objects.filter(pk=unit_id, active=True).exists():
            raise NotFound("unit")
        return Handover.objects.create(
            unit_id=unit_id,
            given_by_id=by.staff_id,
            given_at=clock.now(),
            note=note,
            open_cases={name: int(counts.get(name, 0)) for name in COUNTS},
        )


def take(handover_id: int, by: Viewer) -> Handover:
    """The next one takes it over: a member of the unit, never who gave it, and only once."""
    with edited_by(by.staff_id):
        handover = Handover.objects.select_for_update().filter(pk=handover_id).first()
        if handover is None or not _belongs(by, handover.unit_id):
            raise NotFound("handover")
        if handover.taken_at is not None:
            raise Conflict("handover.taken", _("这一班已有人接了。"))
        if handover.given_by_id == by.staff_id:
            raise Forbidden("handover.own", _("自己交的班要由下一班的人来接。"))
        handover.taken_by_id, handover.taken_at = by.staff_id, clock.now()
        handover.save(update_fields=["taken_by", "taken_at"])
    return handover


def recent(unit_ids: Sequence[int], limit: int = 20) -> list[Handover]:
    """The newest hand-overs of these units, newest first."""
    rows = Handover.objects.filter(unit_id__in=list(unit_ids)).select_related("unit", "given_by", "taken_by")
    return list(rows.order_by("-given_at", "-id")[:limit])


def _belongs(by: Viewer, unit_id: int) -> bool:
    return unit_id == by.unit_id or unit_id in by.units


def _must_belong(by: Viewer, unit_id: int) -> None:
    if not _belongs(by, unit_id):
        raise Forbidden("handover", _("只能交接自己部门的班。"))
