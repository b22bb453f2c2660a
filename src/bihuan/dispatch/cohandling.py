"""Units that work on a case beside the one that leads: asked by the dispatcher, they contribute, only the lead replies."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from bihuan.cases import actions as cases
from bihuan.cases.actions import Doer
from bihuan.cases.models import Case, CaseEvent, CaseUnit
from bihuan.dispatch.models import CoHandling
from bihuan.identity import book as units
from bihuan.identity.viewer import Viewer
from bihuan.kernel import clock
from bihuan.kernel.errors import RuleError
from bihuan.sla import deadlines
from bihuan.text.vaulted import vaulted

KIND = "cohandling"
TERM = "24h"


@transaction.atomic
def ask(
    case: Case, doer: Doer, unit_ids: Iterable[int], what: str, *, term: str = TERM, at: datetime | None = None
) -> CaseEvent:
    """These units work on it too, each with a part of its own and a term; they read and contribute from now on."""
    wanted = list(dict.fromkeys(unit_ids))
    known = units.units().units
    if not wanted or any(one not in known or one == case.holder_unit_id for one in wanted):
        raise RuleError("cohandling.units", _("请选择主办部门以外的协同部门。"), field="units")
    if not what.strip():
        raise RuleError("cohandling.ask", _("请写明请协同部门做什么。"), field="ask")
    cases.check_step(case, "cohandling_asked")
    moment, said = at or clock.now(), vaulted(case.party_id, what, 2000, "ask")
    open_now = {one.unit_id for one in parts(case.id) if one.ended_at is None}
    fresh = [one for one in wanted if one not in open_now]
    if not fresh:
        raise RuleError("cohandling.twice", _("所选部门已在协同处理。"), field="units")
    rows = [
        CoHandling(
            case_id=case.id, unit_id=one, asked_at=moment, asked_by_id=doer.staff_id, lead_unit_id=case.holder_unit_id,
            ask=said,
        )
        for one in fresh
    ]  # fmt: skip
    CoHandling.objects.bulk_create(rows)
    deadlines.start_many(KIND, [deadlines.Term(row.pk, case.id, term, row.unit_id) for row in rows], at=moment)
    CaseUnit.objects.bulk_create(
        [CaseUnit(case_id=case.id, unit_id=one, since=moment, helping=True) for one in fresh],
        update_conflicts=True, unique_fields=["unit_id", "case_id"], update_fields=["helping"],
    )  # fmt: skip
    due = deadlines.due_after(moment, term)
    return cases.append(case, "cohandling_asked", doer, at=moment, payload={"units": fresh, "text": said, "due": due})


@transaction.atomic
def report(case: Case, doer: Doer, text: str, *, done: bool, at: datetime | None = None) -> CaseEvent:
    """What the doer's unit contributes; `done` says that its part is finished."""
    part = CoHandling.objects.select_for_update().filter(case_id=case.id, unit_id=doer.unit_id or 0, ended_at=None)
    found = part.first()
    if found is None:
        raise RuleError("cohandling.none", _("本部门没有这张工单的协同任务，或已经完成。"))
    if not text.strip():
        raise RuleError("cohandling.report", _("请写明核实和处理的结果。"), field="report")
    moment, said = at or clock.now(), vaulted(case.party_id, text, 5000, "report")
    found.report, found.reported_by_id = said, doer.staff_id
    if done:
        found.ended_at, found.outcome = moment, "done"
        _over([found], moment)
    found.save(update_fields=["report", "reported_by_id", "ended_at", "outcome"])
    payload = {"unit": doer.unit_id, "text": said, "done": done}
    return cases.append(case, "cohandling_reported", doer, at=moment, payload=payload)


@transaction.atomic
def end_all(case: Case, at: datetime) -> None:
    """The lead has answered, or the case ended: what is still open is called off. The answer's event lists it."""
    found = list(CoHandling.objects.filter(case_id=case.id, ended_at=None))
    if found:
        CoHandling.objects.filter(pk__in=[one.pk for one in found]).update(ended_at=at, outcome="called_off")
        _over(found, at)


def _over(found: Sequence[CoHandling], at: datetime) -> None:
    deadlines.end(KIND, [one.pk for one in found], at)
    told = {one.unit_id for one in found}
    CaseUnit.objects.filter(case_id=found[0].case_id, unit_id__in=told).update(helping=False)


def parts(case_id: int) -> list[CoHandling]:
    """All parts of a case, in the order they were asked."""
    return list(CoHandling.objects.filter(case_id=case_id).order_by("id"))


def open_units(case_id: int) -> list[int]:
    """The units whose part is still open; the lead is warned of them before it replies."""
    return list(CoHandling.objects.filter(case_id=case_id, ended_at=None).values_list("unit_id", flat=True))


def open_for(viewer: Viewer, limit: int = 200) -> list[CoHandling]:
    """The open parts of the viewer's own units, the oldest first."""
    return list(CoHandling.objects.filter(unit_id__in=viewer.units, ended_at=None).order_by("id")[:limit])
