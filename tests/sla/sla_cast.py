"""Shipped promises as one book, and a case that tells its clocks what happens."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bihuan.sla import shipped
from bihuan.sla.book import Clock, Happened, NewClock, PolicyBook
from bihuan.sla.calendar import Calendar
from bihuan.sla.calendar_form import build
from bihuan.sla.policies import from_data

CN = ZoneInfo("Asia/Shanghai")
COMPLAINT = {"service_type": "complaint", "urgency": "normal", "complexity": "normal", "channel": "hotline"}
OUTAGE = {**COMPLAINT, "service_type": "fault", "urgency": "urgent", "category": "N0201"}
_DAYS = [(day, worked) for day, worked, _name in shipped.official_days()]


def local(text: str) -> datetime:
    """A moment in China from `2026-03-02T09:00`."""
    return datetime.fromisoformat(text).replace(tzinfo=CN)


def calendars() -> dict[str, Calendar]:
    """The shipped calendars by code."""
    return {
        one["code"]: build(one["code"], one["kind"], one.get("week"), days=_DAYS if one["kind"] == "official" else (),
                           names=(one["name"], one["name_en"]))
        for one in shipped.CALENDARS
    }  # fmt: skip


def book(*own: Mapping[str, Any], only: bool = False) -> PolicyBook:
    """The shipped policies as they are switched, with further ones; `only`: nothing but those."""
    ready = [] if only else [from_data(d, id=n, active=d.get("on", False)) for n, d in enumerate(shipped.POLICIES, 1)]
    return PolicyBook.of([*ready, *(from_data(d, id=900 + n) for n, d in enumerate(own))], calendars())


def policy(code: str, duration: str, **more: Any) -> dict[str, Any]:
    """A policy from registration to closing unless said otherwise."""
    plain = {"owner": "customer", "start_on": ["registered"], "stop_on": ["closed"], "name": code}
    return {**plain, **more, "code": code, "duration": duration}


class Life:
    """One case: `hear` an event, then look at its clocks by policy code."""

    def __init__(self, promises: PolicyBook, **facts: Any) -> None:
        self.book = promises
        self.facts: dict[str, Any] = {**COMPLAINT, **facts}
        self.clocks: list[Clock] = []
        self.history: list[Happened] = []
        self.missed: list[tuple[str, str]] = []
        """Breaches the watch has found so far: (family, local time)."""

    def hear(self, kind: str, at: str, **facts: Any) -> "Life":
        """An event at a local moment; `facts` stay known, `pauses` and `reached` belong to this event alone."""
        own = {name: facts.pop(name) for name in ("pauses", "reached") if name in facts}
        self.facts.update(facts)
        moment = local(at)
        self.history.append(Happened(kind, moment, {**self.facts, **own}))
        changes = self.book.changes(kind, {**self.facts, **own}, moment, self.clocks, self.history)
        after = {clock.id: clock for clock in changes.updates}
        self.clocks = [after.get(clock.id, clock) for clock in self.clocks]
        self.clocks += [self._stored(n, new) for n, new in enumerate(changes.starts, len(self.clocks) + 1)]
        return self

    def _stored(self, number: int, new: NewClock) -> Clock:
        return Clock(number, new.policy.id, new.variant, new.round, new.state)

    def clock(self, code: str) -> Clock:
        """The latest clock of this policy."""
        found = [clock for clock in self.clocks if self.book.policy(clock.policy_id).code == code]
        assert found, f"no clock of {code}"
        return found[-1]

    def has(self, code: str) -> bool:
        """Whether this policy ever ran."""
        return any(self.book.policy(clock.policy_id).code == code for clock in self.clocks)

    def watch(self, until: str) -> list[tuple[str, str, str]]:
        """What the watch finds up to a local moment: (code, kind, local time it was due)."""
        from bihuan.sla import clocks

        found = []
        for place, clock in enumerate(self.clocks):
            state, fired = clocks.advance(clock.state, self.book.terms(clock), local(until))
            self.clocks[place] = clock._replace(state=state)
            code = self.book.policy(clock.policy_id).code
            kin = self.book.policy(clock.policy_id).kin
            breaches = [one for one in fired if one.kind == "breached"]
            self.missed += [(kin, one.at.astimezone(CN).strftime("%m-%d %H:%M")) for one in breaches]
            found += [(code, one.kind, one.at.astimezone(CN).strftime("%m-%d %H:%M")) for one in fired]
        return sorted(found, key=lambda one: one[2])
