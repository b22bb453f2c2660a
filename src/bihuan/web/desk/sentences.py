"""Every kind of event as a sentence on the timeline. A kind without one fails a test, so nothing is ever left mute."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bihuan.cases.actions import WATCHED
from bihuan.cases.models import CaseEvent
from bihuan.cases.states import STEPS
from bihuan.flow import standing
from bihuan.sla import queries as sla
from bihuan.sla.deadlines import NAMES as DEADLINES
from bihuan.sla.fold import ADOPTED
from bihuan.web import words as spoken
from bihuan.web.appeals import sentences as appeals
from bihuan.web.closing import sentences as closing
from bihuan.web.desk import words
from bihuan.web.desk.names import Names, either
from bihuan.web.fieldwork import sentences as fieldwork
from bihuan.web.leading import sentences as leading
from bihuan.web.masked import masked_text
from bihuan.web.proof import sentences as proof
from bihuan.web.sharing import sentences as sharing
from bihuan.web.teamwork import sentences as teamwork

Payload = Mapping[str, Any]


@dataclass(frozen=True)
class Told:
    """What one event says: `note` is the short part behind the title, `text` what was said or written."""

    note: str = ""
    text: str = ""


@dataclass(frozen=True)
class Sentence:
    """`tone` colours the mark: good, bad, talk, wait or none."""

    icon: str
    tone: str
    title: str | Promise
    tell: Callable[[Payload, Names], Told]


@dataclass(frozen=True)
class Entry:
    """One entry as `web/parts/timeline_entry.html` shows it."""

    id: int
    kind: str
    icon: str
    tone: str
    title: str
    who: str
    at: datetime
    why: str
    text: str
    evidence: int | None
    clock: bool


SENTENCES: dict[str, Sentence] = {}


def _says(
    kind: str, icon: str, tone: str = "", title: str | Promise = ""
) -> Callable[[Callable[[Payload, Names], Told]], Callable[[Payload, Names], Told]]:
    def register(tell: Callable[[Payload, Names], Told]) -> Callable[[Payload, Names], Told]:
        SENTENCES[kind] = Sentence(icon, tone, title or STEPS[kind].name, tell)
        return tell

    return register


def _joined(*parts: object) -> str:
    return " · ".join(str(part) for part in parts if part)


def entries(events: list[CaseEvent], names: Names, masks: Mapping[str, str]) -> list[Entry]:
    """The timeline, newest first."""
    return [entry(event, names, masks) for event in reversed(events)]


def entry(event: CaseEvent, names: Names, masks: Mapping[str, str]) -> Entry:
    """One event as an entry; a kind from a later version shows its code."""
    sentence = SENTENCES.get(event.kind) or Sentence("info-circle", "", event.kind, lambda payload, known: Told())
    told = sentence.tell(event.payload, names)
    return Entry(
        id=event.id,
        kind=event.kind,
        icon=sentence.icon,
        tone=tone_of(event) or sentence.tone,
        title=str(sentence.title),
        who=names.doer(event),
        at=event.at,
        why=masked_text(_joined(told.note, event.why), masks),
        text=masked_text(told.text, masks),
        evidence=event.payload.get("evidence") if isinstance(event.payload.get("evidence"), int) else None,
        clock=event.kind.startswith(WATCHED),
    )


def tone_of(event: CaseEvent) -> str:
    """A tone that depends on what happened rather than on the kind."""
    if event.kind == "revisited":
        return "bad" if event.payload.get("satisfaction") == 1 else "good"
    if event.kind == "contacted" and event.payload.get("reached") is False:
        return "wait"
    return ""


@_says("registered", "plus", title=gettext_lazy("登记"))
def _registered(payload: Payload, names: Names) -> Told:
    channel = words.CHANNELS.get(payload.get("channel", ""), "")
    system, number = [*payload.get("source", []), "", ""][:2]
    repeat = payload.get("repeat_of")
    return Told(
        _joined(channel, system, number, _("重复投诉，前一张 %(number)s") % {"number": repeat} if repeat else "")
    )


@_says("accepted", "check", "good")
def _accepted(payload: Payload, names: Names) -> Told:
    return Told()


@_says("declined", "hand-stop", "bad")
def _declined(payload: Payload, names: Names) -> Told:
    return Told(names.reason("decline", payload.get("reason", "")), payload.get("told", ""))


@_says("classified", "tags")
def _classified(payload: Payload, names: Names) -> Told:
    node = names.book.catalog.node("phenomenon", payload.get("category", ""))
    return Told("→ " + (names.node(node.id, whole=True) if node else payload.get("category", "")))


@_says("priority_changed", "flag", "wait")
def _priority(payload: Payload, names: Names) -> Told:
    return Told(_priorities(payload.get("priority")))


def _priorities(pair: Any) -> str:
    if not isinstance(pair, list) or len(pair) != 2 or pair[0] == pair[1]:
        return ""
    return _("优先级 %(before)s → %(after)s") % {"before": pair[0], "after": pair[1]}


@_says("dispatched", "send")
def _dispatched(payload: Payload, names: Names) -> Told:
    target = "→ " + _joined(names.unit(payload.get("unit")), names.staff(payload.get("handler")))
    rule = payload.get("rule")
    return Told(_joined(target, sharing.rule_words(rule) if rule else ""), payload.get("demands", ""))


@_says("recalled", "arrow-back-up", "wait")
def _recalled(payload: Payload, names: Names) -> Told:
    return Told(_("从 %(unit)s 撤回") % {"unit": names.unit(payload.get("from"))} if payload.get("from") else "")


@_says("received", "inbox", "good")
def _received(payload: Payload, names: Names) -> Told:
    return Told(_joined(words.ASSESSMENTS.get(payload.get("assessment", ""), ""), payload.get("verify_with", "")))


@_says("returned", "arrow-back-up", "bad")
def _returned(payload: Payload, names: Names) -> Told:
    return Told(names.reason("return", payload.get("reason", "")))


@_says("handling_started", "edit")
def _started(payload: Payload, names: Names) -> Told:
    return Told()


@_says("contacted", "phone", "talk")
def _contacted(payload: Payload, names: Names) -> Told:
    missed = _("未联系上") if payload.get("reached") is False else ""
    heard = _("有录音") if payload.get("recording") else ""
    return Told(_joined(words.MEANS.get(payload.get("means", ""), ""), missed, heard), payload.get("text", ""))


@_says("waiting", "player-pause", "wait")
def _waiting(payload: Payload, names: Names) -> Told:
    until = parse_datetime(payload["until"]) if payload.get("until") else None
    stands = _("时限暂停") if payload.get("pauses") else _("时限照走")
    again = _("到 %(moment)s 自动恢复") % {"moment": spoken.local(until)} if until else ""
    return Told(_joined(names.reason("waiting", payload.get("reason", "")), stands, again))


@_says("resumed", "repeat")
def _resumed(payload: Payload, names: Names) -> Told:
    return Told()


@_says("evidence_added", "paperclip")
def _evidence(payload: Payload, names: Names) -> Told:
    own = _("客户提供") if payload.get("from_customer") else ""
    return Told(_joined(words.EVIDENCE.get(payload.get("kind", ""), ""), payload.get("name", ""), own))


def _reply(payload: Payload, names: Names) -> Told:
    refused = {True: _("客户接受"), False: _("客户不接受")}.get(payload.get("accepted"), "")  # type: ignore[arg-type]
    text = payload.get("text", "")
    if payload.get("solution"):
        text += "\n" + _("解决办法：%(text)s") % {"text": payload["solution"]}
    if payload.get("despite"):
        text += "\n" + _("确认后仍作答复：%(what)s") % {"what": _("、").join(standing.words(payload["despite"]))}
    limit = parse_datetime(payload["confirm_by"]) if payload.get("confirm_by") else None
    waits = _("要客户在 %(moment)s 前确认") % {"moment": spoken.local(limit)} if limit else ""
    return Told(_joined(words.MEANS.get(payload.get("means", ""), ""), refused, waits), text)


_says("first_replied", "message", "talk")(_reply)
_says("replied", "message", "good")(_reply)


@_says("revisit_attempted", "phone", "wait")
def _attempted(payload: Payload, names: Names) -> Told:
    again = parse_datetime(payload["next"]) if payload.get("next") else None
    said = _("客户约 %(moment)s 再打") if payload.get("promised") else _("%(moment)s 后再打")
    return Told(
        _joined(words.MEANS.get(payload.get("means", ""), ""), said % {"moment": spoken.local(again)} if again else "")
    )


@_says("revisited", "headset", "good")
def _revisited(payload: Payload, names: Names) -> Told:
    root = {True: _("问题已根本解决"), False: _("问题未根本解决")}.get(payload.get("root_solved"), "")  # type: ignore[arg-type]
    left = _("有遗留事项") if payload.get("left_over") else ""
    satisfied = words.SATISFACTION.get(payload.get("satisfaction") or 0, "")
    further = "\n".join(f"{question} {answer}" for question, answer in payload.get("answers", []))
    return Told(_joined(satisfied, root, left), further)


@_says("closed", "lock", "good")
def _closed(payload: Payload, names: Names) -> Told:
    node = names.book.catalog.node("cause", payload.get("cause", ""))
    cause = _("原因：%(name)s") % {"name": names.node(node.id, whole=True)} if node else ""
    kinds = _("、").join(str(words.EVIDENCE.get(kind, kind)) for kind in payload.get("evidence", []))
    odd = payload.get("exception")
    exception = _("例外结单：%(reason)s") % {"reason": names.reason("exception", odd)} if odd else ""
    by = _("批准人 %(name)s") % {"name": names.staff(payload.get("approved_by"))} if payload.get("approved_by") else ""
    asked = (
        _("申请人 %(name)s") % {"name": names.staff(payload.get("requested_by"))} if payload.get("requested_by") else ""
    )
    loss = _("、").join(str(words.LOSSES.get(kind, kind)) for kind in payload.get("loss", []))
    proof = _("依据：%(text)s") % {"text": payload["proof"]} if payload.get("proof") else ""
    unheard = _("书面答复始终没有得到客户确认") if payload.get("unconfirmed") else ""
    return Told(_joined(cause, kinds, loss, proof, exception, asked, by, unheard))


@_says("reopened", "refresh", "bad")
def _reopened(payload: Payload, names: Names) -> Told:
    number = _("第 %(round)d 次") % {"round": payload["round"]} if payload.get("round", 1) > 1 else ""
    return Told(_joined(number, names.reason("reopen", payload.get("reason", ""))))


@_says("withdrawn", "hand-stop")
def _withdrawn(payload: Payload, names: Names) -> Told:
    return Told(str(words.PROOFS.get(payload.get("proven_by", ""), "")))


@_says("merged", "arrows-exchange")
def _merged(payload: Payload, names: Names) -> Told:
    return Told(_("并入 %(number)s，由它答复") % {"number": payload.get("into", "")})


@_says("unmerged", "arrows-exchange", "wait")
def _unmerged(payload: Payload, names: Names) -> Told:
    return Told(_("从 %(number)s 分出") % {"number": payload["from"]} if payload.get("from") else "")


@_says("escalated", "alert-triangle", "bad")
def _escalated(payload: Payload, names: Names) -> Told:
    told = _("请 %(name)s 关注") % {"name": names.staff(payload["to"])} if payload.get("to") else ""
    return Told(_joined(str(words.FLAGS.get(payload.get("reason", ""), "")), told))


@_says("chased", "bell", "bad")
def _chased(payload: Payload, names: Names) -> Told:
    channel = words.CHANNELS.get(payload.get("channel", ""), "")
    return Told(_joined(channel, _through(payload), _priorities(payload.get("priority"))), payload.get("text", ""))


def _through(payload: Payload) -> str:
    """The merged complaint the customer asked about."""
    return _("就并入的 %(number)s") % {"number": payload["through"]} if payload.get("through") else ""


@_says("material_added", "paperclip", "talk")
def _material(payload: Payload, names: Names) -> Told:
    channel = words.CHANNELS.get(payload.get("channel", ""), "")
    return Told(_joined(channel, _through(payload)), payload.get("text", ""))


def _clock(payload: Payload, names: Names) -> Told:
    policy = sla.book().compiled.get(payload.get("policy", 0))
    name = either(policy.policy.name, policy.policy.name_en) if policy else payload.get("name", "")
    limit = parse_datetime(payload["limit"]) if payload.get("limit") else None
    until = _("时限 %(moment)s") % {"moment": spoken.local(limit)} if limit else ""
    return Told(_joined(name, until, leading.of_procedure(payload, names)))


_says("clock_warned", "clock", "wait", gettext_lazy("时限预警"))(_clock)
_says("clock_breached", "alert-octagon", "bad", gettext_lazy("时限已过"))(_clock)
_says("clock_escalated", "alert-triangle", "bad", gettext_lazy("超时升级"))(_clock)


def _deadline(payload: Payload, names: Names) -> Told:
    limit = parse_datetime(payload["limit"]) if payload.get("limit") else None
    who = (
        names.staff(payload["staff"])
        if payload.get("staff")
        else names.unit(payload["unit"])
        if payload.get("unit")
        else ""
    )
    what = str(DEADLINES.get(payload.get("deadline", ""), ""))
    until = _("时限 %(moment)s") % {"moment": spoken.local(limit)} if limit else ""
    return Told(_joined(what, who, until, leading.of_procedure(payload, names)))


_says("deadline_warned", "clock", "wait", gettext_lazy("期限将至"))(_deadline)
_says("deadline_breached", "alert-octagon", "bad", gettext_lazy("期限已过"))(_deadline)
_says("deadline_escalated", "alert-triangle", "bad", gettext_lazy("逾期升级"))(_deadline)
_says(ADOPTED, "history", "", gettext_lazy("改用新版时限"))(_clock)


def _of_appeals() -> None:
    """The sentences appeals and teamwork bring along."""

    def told(tell: Callable[[Payload, Names], tuple[str, str]]) -> Callable[[Payload, Names], Told]:
        return lambda payload, names: Told(*tell(payload, names))

    brought = {**appeals.SENTENCES, **teamwork.SENTENCES, **leading.SENTENCES, **closing.SENTENCES, **sharing.SENTENCES}
    brought |= {**fieldwork.SENTENCES, **proof.SENTENCES}
    for kind, (icon, tone, title, tell) in brought.items():
        _says(kind, icon, tone, title)(told(tell))


_of_appeals()
