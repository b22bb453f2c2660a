"""Trying a limit out: from a start and pauses to the due moment, the levels on the way, and the reason in words."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from django.utils.translation import gettext as _

from bihuan.kernel.errors import RuleError
from bihuan.sla import clocks
from bihuan.sla.book import Happened, PolicyBook
from bihuan.sla.explain import explain
from bihuan.sla.fold import fold

_FAR = datetime(8000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Trial:
    """What a clock begun then would do. `levels`: (kind, moment) in order; `text` as the case page would tell it."""

    due_at: datetime | None
    paused: bool
    levels: Sequence[tuple[str, datetime]]
    text: str


def run(
    book: PolicyBook, policy_id: int, start: datetime, pauses: Sequence[tuple[datetime, datetime | None]], lang: str
) -> Trial:
    """One clock under one policy, whatever that applies to. Pauses in order, each (from, to or None while it lasts).

    Raises RuleError for pauses in disorder, for a pause of a limit that never pauses, and for a year not known.
    """
    policy = replace(book.policy(policy_id), applies=(), variants=(), active=True)
    alone = PolicyBook.of([policy], book.calendars)
    if pauses and not policy.pausable:
        raise RuleError("trial.pausable", _("这条时限不因挂起而停，不要填写暂停。"), field="pauses")
    history = [Happened(policy.start_on[0], start, {}), *_paused(start, pauses)]
    told = fold(history, lambda event: alone)[0]
    state, terms = told.clock.state, alone.terms(told.clock)
    if state.state == clocks.State.UNKNOWN:
        alone.calendars[policy.calendar].add(start, policy.duration)  # says which year is missing
    fired = clocks.advance(state, terms, _FAR)[1] if state.state == clocks.State.RUNNING else []
    text = explain(told, alone, lang, history[-1].at)
    return Trial(state.due_at, state.state == clocks.State.PAUSED, [(level.kind, level.at) for level in fired], text)


def _paused(start: datetime, pauses: Sequence[tuple[datetime, datetime | None]]) -> list[Happened]:
    found: list[Happened] = []
    last = start
    for begin, end in pauses:
        if begin < last or (end is not None and end <= begin) or (found and found[-1].kind == "waiting"):
            raise RuleError("trial.pauses", _("暂停应按先后填写、互不重叠，且不早于起算时间。"), field="pauses")
        found.append(Happened("waiting", begin, {"pauses": True}))
        if end is not None:
            found.append(Happened("resumed", end, {}))
        last = end or begin
    return found
