"""What comes after registration from the customer's side: a chaser, more material."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from bihuan.cases.actions import Doer
from bihuan.cases.models import Case, CaseEvent
from bihuan.cases.priority import raised
from bihuan.intake.models import Chaser, Material
from bihuan.kernel import clock
from bihuan.kernel.errors import RuleError
from bihuan.sla import steps
from bihuan.text.vaulted import vaulted


def owing(case: Case, *, lock: bool = True) -> Case:
    """The case that owes the customer the answer: the one it was merged into, locked unless it is only shown, or itself."""
    cases = Case.objects.select_for_update() if lock else Case.objects.all()
    while case.status == "merged" and case.merged_into_id:
        case = cases.get(pk=case.merged_into_id)
    return case


@transaction.atomic
def chase(case: Case, doer: Doer, channel: str, text: str = "", *, at: datetime | None = None) -> CaseEvent:
    """The customer asks again: noted on the open case, which gets one step more urgent. Of a merged one, on the case that
    owes the answer; the event names the number she asked for."""
    through, case = case.number, owing(case)
    moment, before = at or clock.now(), case.priority
    after = raised(before)
    payload = {
        "channel": channel, "text": vaulted(case.party_id, text, 2000, "text"), "priority": [before, after],
        **_asked_for(through, case),
    }  # fmt: skip
    event = steps.take(
        case, "chased", doer, at=moment, payload=payload, priority=after, chaser_count=case.chaser_count + 1,
    )  # fmt: skip
    Chaser.objects.create(
        case_id=case.id,
        at=moment,
        channel=channel,
        noted_by_id=doer.staff_id,
        priority_before=before,
        priority_after=after,
    )
    return event


@transaction.atomic
def add_material(
    case: Case, doer: Doer, channel: str, text: str, *, evidence_id: int | None = None, at: datetime | None = None
) -> CaseEvent:
    """Words (and a file already kept as evidence) the customer adds; words to a merged one go to the case that owes the
    answer."""
    through, case = case.number, owing(case) if evidence_id is None else case
    said = vaulted(case.party_id, text, 5000, "text")
    if not said and evidence_id is None:
        raise RuleError("material.empty", _("请写下要补充的内容，或选择一个文件。"), field="text")
    moment = at or clock.now()
    payload = {"channel": channel, "text": said, "evidence": evidence_id, **_asked_for(through, case)}
    event = steps.take(case, "material_added", doer, at=moment, payload=payload)
    Material.objects.create(
        case_id=case.id, at=moment, channel=channel, noted_by_id=doer.staff_id, evidence_id=evidence_id
    )
    return event


def _asked_for(number: str, case: Case) -> dict[str, str]:
    return {} if number == case.number else {"through": number}
