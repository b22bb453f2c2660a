"""Contact the customer, wait for an agreed reason, reply."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from bihuan.cases.actions import SYSTEM, Doer
from bihuan.cases.models import Case, CaseEvent
from bihuan.cases.priority import raised
from bihuan.catalog import snapshot as catalog
from bihuan.customers import actions as customers
from bihuan.handling import confirming, recordings
from bihuan.handling.models import Contact, Means, Reply, Waiting
from bihuan.handling.reply_guard import refuse_others_data
from bihuan.identity import book as units
from bihuan.kernel import clock
from bihuan.kernel.errors import RuleError
from bihuan.sla import steps
from bihuan.text.vaulted import vaulted

MOST_TEXT = 5000


def _stored(case: Case, text: str, field: str) -> str:
    return vaulted(case.party_id, text, MOST_TEXT, field)


def _means(value: str) -> str:
    if value not in Means.values:
        raise RuleError("contact.means", _("请选择联系方式：电话、短信、邮件、在线或上门。"), field="means")
    return value


@transaction.atomic
def contact(
    case: Case,
    doer: Doer,
    means: str,
    note: str,
    *,
    reached: bool = True,
    recording: str = "",
    at: datetime | None = None,
) -> CaseEvent:
    """One contact with the customer, whichever way, with what was said. A received case is in handling from then on.
    `recording`: address or id of the call's recording on an allowed host."""
    moment = at or clock.now()
    said = _stored(case, note, "note")
    if reached and not said:
        raise RuleError("contact.note", _("请记录与客户沟通的内容。"), field="note")
    address = recordings.address_of(recording)
    begin(case, doer, moment)
    kept = recordings.keep(case.id, moment, doer.staff_id, address) if address else None
    changes: dict[str, Any] = {"contacted_at": moment} if reached and case.contacted_at is None else {}
    event = steps.take(
        case,
        "contacted",
        doer,
        at=moment,
        payload={"means": _means(means), "reached": reached, "text": said, "recording": kept.pk if kept else None},
        **changes,
    )
    Contact.objects.create(case_id=case.id, at=moment, by_id=doer.staff_id, means=means, reached=reached)
    return event


@transaction.atomic
def begin(case: Case, doer: Doer, at: datetime | None = None) -> CaseEvent | None:
    """Start handling, where that has not been said yet."""
    if case.status not in {"received", "reopened"}:
        return None
    return steps.take(case, "handling_started", doer, at=at, handler_id=case.handler_id or doer.staff_id)


@transaction.atomic
def wait(
    case: Case, doer: Doer, reason_code: str, note: str, *, until: datetime | None = None, at: datetime | None = None
) -> CaseEvent:
    """Wait for an agreed reason; only reasons marked so pause clocks, and never the regulator's."""
    reason = catalog.current().reason("waiting", reason_code)
    if reason is None:
        raise RuleError("waiting.reason", _("挂起必须选择约定的原因。"), field="reason")
    moment = at or clock.now()
    if until is not None and until <= moment:
        raise RuleError("waiting.until", _("恢复时间要晚于现在。"), field="until")
    begin(case, doer, moment)
    event = steps.take(
        case, "waiting", doer, at=moment, why=_stored(case, note, "note"), payload={"reason": reason.code, "until": until},
        pause_reason=reason.code if reason.pauses else "",
    )  # fmt: skip
    Waiting.objects.create(
        case_id=case.id, reason_id=reason.id, pauses=reason.pauses, started_at=moment, by_id=doer.staff_id, until=until
    )
    return event


@transaction.atomic
def resume(case: Case, doer: Doer, *, note: str = "", at: datetime | None = None) -> CaseEvent:
    """Go on: what was waited for has come, or the time agreed is over."""
    moment = at or clock.now()
    event = steps.take(case, "resumed", doer, at=moment, why=_stored(case, note, "note") if note else "")
    Waiting.objects.filter(case_id=case.id, ended_at=None).update(ended_at=moment)
    return event


def resume_due(limit: int = 200) -> int:
    """Resume every case whose agreed waiting time is over; returns how many. Called every few seconds by the jobs process."""
    due = list(
        Waiting.objects.filter(ended_at=None, until__lte=clock.now())
        .order_by("until")
        .values_list("case_id", flat=True)[:limit]
    )
    done = 0
    for case_id in due:
        with transaction.atomic():
            case = Case.objects.select_for_update().get(pk=case_id)
            if case.status == "waiting":
                resume(case, SYSTEM, note="")
                done += 1
            else:
                Waiting.objects.filter(case_id=case_id, ended_at=None).update(ended_at=clock.now())
    return done


@dataclass(frozen=True)
class Answer:
    """What the customer is told. An interim answer (`final` False) meets the first-reply limit and leaves the case open.

    `accepted` False says that she does not accept it and may climb higher; see `report_upward`. `despite`: what was still
    owed when the writer confirmed it all the same, for the record.
    """

    means: str
    text: str
    solution: str = ""
    final: bool = True
    accepted: bool | None = None
    despite: Mapping[str, Sequence[int]] = field(default_factory=dict)


@transaction.atomic
def reply(case: Case, doer: Doer, told: Answer, *, at: datetime | None = None) -> CaseEvent:
    """Answer the customer: kept, recorded and, by SMS or mail, sent to her; then it waits for her confirmation."""
    moment = at or clock.now()
    kept = _written(case, doer, told, moment)
    kept.confirm_by = confirming.due(told.means, told.final, moment)
    payload = {
        "means": _means(told.means), "text": kept.text, "solution": kept.solution, "final": told.final,
        "accepted": told.accepted, **({"despite": told.despite} if told.despite else {}),
        **({"confirm_by": kept.confirm_by} if kept.confirm_by else {}),
    }  # fmt: skip
    event = _taken(case, doer, told.final, payload, moment)
    kept.save()
    confirming.begin(case, kept)
    if told.means in {Means.SMS, Means.EMAIL}:
        to = "phone" if told.means == Means.SMS else "other_contact"
        customers.tell(case.party_id, "reply", _letter(case, kept), case.id, to)
    return event


def _written(case: Case, doer: Doer, told: Answer, moment: datetime) -> Reply:
    """The answer as it may be kept: nothing of other customers in it, personal numbers in the vault."""
    refuse_others_data(case, told.text)
    said = _stored(case, told.text, "text")
    if len(said) < 4:
        raise RuleError("reply.empty", _("请写明答复客户的内容：处理人、原因、核实情况、解决办法。"), field="text")
    return Reply(
        case_id=case.id, at=moment, by_id=doer.staff_id, unit_id=doer.unit_id, means=told.means, text=said,
        solution=_stored(case, told.solution, "solution"), final=told.final, accepted=told.accepted,
    )  # fmt: skip


def _letter(case: Case, kept: Reply) -> str:
    """The answer as it is sent, with the way to confirm it."""
    text = f"关于您的投诉 {case.number}：{kept.text}"
    if kept.confirm_by is None:
        return text
    place = f"{settings.SITE.rstrip('/')}/service/lookup/" if settings.SITE else "投诉查询页"
    return f"{text}\n收到后请在 {place} 输入编号，确认问题是否已经解决。"


def _taken(case: Case, doer: Doer, final: bool, payload: Mapping[str, Any], moment: datetime) -> CaseEvent:
    """The step: an interim answer changes no state, a final one ends the waiting and the handling."""
    first: dict[str, Any] = {"first_reply_at": case.first_reply_at or moment}
    if not final:
        return steps.take(case, "first_replied", doer, at=moment, payload=payload, **first)
    if case.status == "waiting":
        resume(case, doer, at=moment)
    first["flags"] = confirming.marked(case, confirming.AWAITED if payload.get("confirm_by") else "")
    return steps.take(
        case, "replied", doer, at=moment, payload=payload, **first,
        replied_at=moment, reply_count=case.reply_count + 1, handler_id=case.handler_id or doer.staff_id,
    )  # fmt: skip


NOT_ACCEPTED = "not_accepted"


@transaction.atomic
def report_upward(case: Case, doer: Doer, *, at: datetime | None = None) -> CaseEvent:
    """A customer who does not accept the answer and may climb higher: told upward at once.

    The case is flagged and one step more urgent, so that it stands out in every list of those above; the event names
    who answers for the unit.
    """
    unit = units.units().units.get(doer.unit_id or 0)
    flags = case.flags if NOT_ACCEPTED in case.flags else [*case.flags, NOT_ACCEPTED]
    payload = {"reason": NOT_ACCEPTED, "to": unit.responsible_id if unit else None}
    return steps.take(case, "escalated", doer, at=at, payload=payload, flags=flags, priority=raised(case.priority))
