"""Plays the scripts through the real verbs and the one door, each step at its own moment."""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from bihuan.cases.access import access_case
from bihuan.cases.actions import CUSTOMER, Doer
from bihuan.cases.models import Case
from bihuan.demo import aftercare as callbacks
from bihuan.demo import scripts
from bihuan.demo.content import Script
from bihuan.demo.scripts import Step
from bihuan.dispatch import actions as dispatch
from bihuan.flow import actions as flow
from bihuan.flow import aftercare, escalation
from bihuan.handling import actions as handling
from bihuan.handling import evidence
from bihuan.identity import book as units
from bihuan.identity import roles
from bihuan.identity.models import Staff
from bihuan.identity.viewer import Viewer, viewer_of
from bihuan.intake import actions as intake
from bihuan.intake import followup
from bihuan.kernel import clock
from bihuan.kernel.errors import RuleError
from bihuan.revisit import actions as revisit
from bihuan.revisit import closing, queries
from bihuan.revisit.closing import close
from bihuan.revisit.review import Review

_log = logging.getLogger(__name__)
_ROUND = timedelta(hours=1)
"""How often the watch over clocks looks while the month is played."""
_TERMS = 3
"""Every how many rounds the watch over sub-work's terms looks too."""


@dataclass
class Stage:
    """The cast, and what has been registered so far."""

    viewers: dict[str, Viewer]
    by_unit: dict[int, list[Viewer]]
    numbers: dict[str, str] = field(default_factory=dict)
    own: set[str] = field(default_factory=set)
    """Scripts the service centre kept, because no rule leads elsewhere."""
    refused: dict[str, str] = field(default_factory=dict)
    """Script → why the rest of it was left out."""


def stage() -> Stage:
    """The staff as viewers, by username and by unit."""
    book = units.units()
    viewers: dict[str, Viewer] = {}
    by_unit: dict[int, list[Viewer]] = {}
    for staff in Staff.objects.filter(is_active=True, is_system=False).order_by("id"):
        viewer = viewer_of(staff, book)
        viewers[staff.username] = viewer
        by_unit.setdefault(staff.unit_id, []).append(viewer)
    return Stage(viewers, by_unit)


def play(found: Iterable[Script], now: datetime) -> Stage:
    """Everything up to `now` in the order it happened, in the caller's transaction; clocks are watched every hour."""
    cast = stage()
    moments: list[tuple[datetime, int, Script, Step | None]] = []
    for place, script in enumerate(found):
        moments.append((script.at, place, script, None))
        moments += [(step.at, place, script, step) for step in script.steps if step.at <= now]
    looked: datetime | None = None
    for at, _place, script, step in sorted(moments, key=lambda moment: moment[:2]):
        looked = _watch(cast, looked, at, now)
        with clock.at(at):
            if step is None:
                _register(cast, script)
            elif script.key not in cast.refused:
                _try(cast, script, step)
    return cast


def _watch(cast: Stage, looked: datetime | None, at: datetime, now: datetime) -> datetime:
    if looked is None:
        return at
    while looked + _ROUND <= at:
        looked += _ROUND
        with clock.at(looked):
            escalation.run_limits()
            if looked.hour % _TERMS == 0:
                callbacks.meanwhile(cast.viewers, looked, now)
                escalation.run_terms()
            handling.resume_due()
    return looked


def _register(cast: Stage, script: Script) -> None:
    doer = CUSTOMER
    if script.by_agent:
        doer = Doer.of(_taker(cast, script))
    answer = intake.register_one(intake.Draft(script.complaint, doer, own=script.by_agent))
    cast.numbers[script.key] = answer.number


def _try(cast: Stage, script: Script, step: Step) -> None:
    if script.key in cast.own and step.verb in {"dispatch", "receive", "return", "recall", "wait", "resume"}:
        return
    try:
        with transaction.atomic():
            _VERBS[step.verb](cast, script, step)
    except RuleError as refused:
        cast.refused[script.key] = f"{step.verb}: {refused}"
        _log.warning("demo script %s left out from %s on: %s", script.key, step.verb, refused)


def _taker(cast: Stage, script: Script) -> Viewer:
    """One of the city's agents, always the same for one script."""
    names = ("agent1", "agent2", "agent3", "agent4") if script.city == "cz" else ("agent5", "agent6")
    return cast.viewers[names[sum(map(ord, script.key)) % len(names)]]


def _who(cast: Stage, script: Script, who: str) -> Viewer:
    city = 0 if script.city == "cz" else 1
    if who == scripts.TAKER or (who == scripts.HANDLER and script.key in cast.own):
        return _taker(cast, script)
    if who == scripts.HANDLER:
        return _handler(cast, script)
    named = {scripts.DISPATCHER: "dispatcher", scripts.REVISITOR: "revisit", scripts.MANAGER: "dutymanager"}
    return cast.viewers[f"{named[who]}{city + 1}"]


def _handler(cast: Stage, script: Script) -> Viewer:
    """Who has the case in hand; before that, someone of the unit that holds it."""
    case = Case.objects.get(number=cast.numbers[script.key])
    fit = [viewer for viewer in cast.by_unit.get(case.holder_unit_id or 0, []) if viewer.can(roles.RECEIVE)]
    mine = [viewer for viewer in fit if viewer.staff_id == case.handler_id]
    return (mine or [fit[sum(map(ord, script.key)) % len(fit)]])[0]


def _open(cast: Stage, script: Script, step: Step, right: str) -> tuple[Case, Doer]:
    """The case through the door, locked, and who acts on it."""
    viewer = _who(cast, script, step.who)
    return access_case(viewer, cast.numbers[script.key], right, lock=True), Doer.of(viewer)


def _accept(cast: Stage, script: Script, step: Step) -> None:
    case, doer = _open(cast, script, step, roles.ACCEPT)
    flow.accept(case, doer, **step.args)


def _decline(cast: Stage, script: Script, step: Step) -> None:
    from bihuan.triage import actions as triage

    case, doer = _open(cast, script, step, roles.ACCEPT)
    triage.decline(case, doer, step.args["reason"])


def _dispatch(cast: Stage, script: Script, step: Step) -> None:
    case, doer = _open(cast, script, step, roles.DISPATCH)
    if not step.args:
        if flow.dispatch_by_rule(case, doer) is None:
            cast.own.add(script.key)
        return
    unit = units.units().answering(step.args["kind"], (case.province_id, case.city_id, case.district_id))
    assert unit is not None, step.args
    dispatch.dispatch(case, doer, unit.id, why=step.args["why"])


def _recall(cast: Stage, script: Script, step: Step) -> None:
    case, doer = _open(cast, script, step, roles.DISPATCH)
    dispatch.recall(case, doer, step.args["why"])


def _receive(cast: Stage, script: Script, step: Step) -> None:
    case, doer = _open(cast, script, step, roles.RECEIVE)
    dispatch.receive(case, doer, **step.args)


def _return(cast: Stage, script: Script, step: Step) -> None:
    case, doer = _open(cast, script, step, roles.RECEIVE)
    dispatch.give_back(case, doer, step.args["reason"], step.args["note"])


def _contact(cast: Stage, script: Script, step: Step) -> None:
    case, doer = _open(cast, script, step, roles.HANDLE)
    handling.contact(case, doer, **step.args)


def _evidence(cast: Stage, script: Script, step: Step) -> None:
    case, doer = _open(cast, script, step, roles.HANDLE)
    evidence.keep(case, doer, step.args["kind"], step.args["name"], step.args["text"].encode("utf-8-sig"))


def _wait(cast: Stage, script: Script, step: Step) -> None:
    case, doer = _open(cast, script, step, roles.HANDLE)
    until = step.at + timedelta(minutes=step.args["minutes"] + 30)
    handling.wait(case, doer, step.args["reason"], step.args["note"], until=until)


def _resume(cast: Stage, script: Script, step: Step) -> None:
    case, doer = _open(cast, script, step, roles.HANDLE)
    if case.status == "waiting":  # the agreed time may have run out before
        handling.resume(case, doer, **step.args)


def _reply(cast: Stage, script: Script, step: Step) -> None:
    case, doer = _open(cast, script, step, roles.HANDLE)
    flow.answer(case, doer, final=step.verb == "reply", **step.args)


def _attempt(cast: Stage, script: Script, step: Step) -> None:
    case, doer = _open(cast, script, step, roles.REVISIT)
    revisit.attempt(case, doer, **step.args)


def _revisit(cast: Stage, script: Script, step: Step) -> None:
    case, doer = _open(cast, script, step, roles.REVISIT)
    flow.revisited(case, doer, **step.args)


def _close(cast: Stage, script: Script, step: Step) -> None:
    case, doer = _open(cast, script, step, roles.CLOSE)
    close(case, doer, Review(**step.args))


def _ask(cast: Stage, script: Script, step: Step) -> None:
    """An exceptional closing asked for by the revisit staff, decided by the duty manager in a step of its own."""
    case, _doer = _open(cast, script, step, roles.CLOSE)
    args: dict[str, Any] = dict(step.args)
    exception, note, who = args.pop("exception"), args.pop("note"), _who(cast, script, step.who)
    able = closing.approvers(case, who)
    approver = next((one for one in able if one.username.startswith("dutymanager")), able[0])
    aftercare.ask_closing(case, who, exception, approver.id, Review(**args), note)


def _decide(cast: Stage, script: Script, step: Step) -> None:
    """By the very person who was asked."""
    case_id = Case.objects.values_list("id", flat=True).get(number=cast.numbers[script.key])
    asked = queries.open_request(case_id)
    assert asked is not None, script.key
    viewer = next(one for one in cast.viewers.values() if one.staff_id == asked.approver_id)
    case = access_case(viewer, cast.numbers[script.key], roles.DUTY, lock=True)
    aftercare.decide_closing(case, Doer.of(viewer), **step.args)


def _withdraw(cast: Stage, script: Script, step: Step) -> None:
    case, doer = _open(cast, script, step, roles.WITHDRAW)
    flow.withdraw(case, doer, **step.args)


def _merge(cast: Stage, script: Script, step: Step) -> None:
    case, doer = _open(cast, script, step, roles.MERGE)
    viewer = _who(cast, script, step.who)
    survivor = access_case(viewer, cast.numbers[step.args["into"]], roles.MERGE, lock=True)
    flow.merge(case, survivor, doer, step.args["why"])


def _chase(cast: Stage, script: Script, step: Step) -> None:
    case = Case.objects.select_for_update().get(number=cast.numbers[script.key])
    followup.chase(case, CUSTOMER, "app", step.args["note"])


_VERBS: dict[str, Callable[[Stage, Script, Step], None]] = {
    "accept": _accept,
    "decline": _decline,
    "dispatch": _dispatch,
    "recall": _recall,
    "receive": _receive,
    "return": _return,
    "contact": _contact,
    "evidence": _evidence,
    "wait": _wait,
    "resume": _resume,
    "reply": _reply,
    "interim": _reply,
    "attempt": _attempt,
    "revisit": _revisit,
    "close": _close,
    "ask": _ask,
    "decide": _decide,
    "withdraw": _withdraw,
    "merge": _merge,
    "chase": _chase,
}
