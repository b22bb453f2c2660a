"""How a deadline came about, told as a person would write it. Pure: from a clock's story (`fold`) to sentences."""

from datetime import datetime, timedelta

from bihuan.sla.book import PolicyBook
from bihuan.sla.clocks import ClockState, State, overdue_at
from bihuan.sla.durations import DAYS
from bihuan.sla.fold import Told, Turn
from bihuan.sla.terms import Terms
from bihuan.sla.wording import duration, event, pick, set_in, span, stamp

_MICRO = timedelta(microseconds=1)


def explain(told: Told, promises: PolicyBook, lang: str, now: datetime) -> str:
    """One clock's whole story up to `now`, in `zh` or `en`."""
    story = _Story(told, promises, lang, now)
    parts = [story.opening()]
    turns = told.turns[1:]
    while turns:
        turn = turns.pop(0)
        if turn.after.state == State.PAUSED and turn.before is not None and turn.before.state == State.RUNNING:
            follow = turns.pop(0) if turns and turns[0].after.state == State.RUNNING else None
            parts.append(story.pause(turn, follow))
        else:
            parts.append(story.turn(turn))
    parts.append(story.ending())
    return (" " if lang == "en" else "").join(part for part in parts if part)


class _Story:
    def __init__(self, told: Told, promises: PolicyBook, lang: str, now: datetime) -> None:
        self.told, self.promises, self.lang, self.now = told, promises, lang, now
        self.first = told.turns[0]
        self.zone = promises.terms(told.clock).calendar.zone

    def date(self, moment: datetime, after: datetime | None = None) -> str:
        """A moment in words; of one on the same day as `after` only the time."""
        return stamp(moment, self.lang, self.now, zone=self.zone, after=after)

    def say(self, chinese: str, english: str) -> str:
        return english if self.lang == "en" else chinese

    def opening(self) -> str:
        """The promise, its beginning, its calendar, and the first due moment."""
        policy, state, terms = self.first.policy, self.first.after, self._terms(self.first)
        name, start = pick((policy.name, policy.name_en), self.lang), self.date(state.started_at)
        kind = policy.start_on[0] if self._belated() else self.first.kind
        head = self.say(
            f"{name}：自 {start} {event(kind, 'zh')}起算{self._basis(terms)}",
            f"{name[:1].upper()}{name[1:]}: {self._basis(terms)} from {event(kind, 'en')} on {start}{self._kept(terms)}",
        )
        if state.due_at is None:
            return head + self.say(
                "。日历缺少所需年份的放假安排，录入后再推算截止时间。",
                ". The calendar lacks the days off of a year on the way; the due moment follows once they are entered.",
            )
        head += self.say(f"，{self.date(state.due_at)} 截止。", f", due {self.date(state.due_at)}.")
        if self._belated():
            since = self.date(self.first.at)
            head += self.say(
                f"{since} {event(self.first.kind, 'zh')}后开始适用，此前用去的时间计入。",
                f" It applies since {event(self.first.kind, 'en')} on {since}; time used before counts.",
            )
        return head

    def pause(self, turn: Turn, follow: Turn | None) -> str:
        """A pause with its reason and what it moved; an open one says so."""
        begin = turn.after.paused_at or turn.at
        why = event(turn.kind, self.lang) + (self.say(f"（{turn.reason}）", f" ({turn.reason})") if turn.reason else "")
        if follow is None:
            left = span((turn.after.allowance - turn.after.worked) * _MICRO, self.lang)
            return self.say(
                f"{self.date(begin)} 起因{why}暂停，剩余 {left}。",
                f"Paused since {self.date(begin)}: {why}; {left} left.",
            )
        end = follow.after.counted_from
        length = span((follow.after.paused - turn.after.paused) * _MICRO, self.lang)
        until = self.date(end, begin)
        if turn.after.due_at == follow.after.due_at:
            moved = self.say("，截止时间不变。", "; the due moment stays.")
        else:
            due = self.date(follow.after.due_at) if follow.after.due_at else "?"
            moved = self.say(f"，顺延至 {due}。", f"; moved to {due}.")
        return (
            self.say(
                f"{self.date(begin)}–{until} 因{why}暂停 {length}",
                f"Paused {self.date(begin)} to {until}, {why}, {length}",
            )
            + moved
        )

    def turn(self, turn: Turn) -> str:
        """Anything else that changed the clock: another promise, the end, going on after the end."""
        before, after = turn.before, turn.after
        what = event(turn.kind, self.lang)
        if before is None or after.state in (State.MET, State.LATE):
            return ""
        if after.state == State.CANCELLED:
            when = self.date(turn.at)
            return self.say(f"{when} 因{what}不再适用。", f"No longer applies since {what} on {when}.")
        if before.stopped_at is not None and after.stopped_at is None and after.due_at is not None:
            was, since = self.date(before.stopped_at), self.date(turn.at)
            if after.counted_from == before.counted_from:
                return self.say(
                    f"{since} 因{what}照原来的截止时间继续计时，如同没有停过。",
                    f"On {since} it goes on since {what}, due as before, as if it had never ended.",
                )
            return self.say(
                f"{was} 曾办结，{since} 因{what}继续计时，其间不计，截止 {self.date(after.due_at)}。",
                f"It had ended {was} and goes on since {what} on {since}; the time between is not counted;"
                f" due {self.date(after.due_at)}.",
            )
        if after.due_at is None:
            return self.say("日历缺少年份数据，截止时间待定。", "The calendar lacks a year; the due moment is open.")
        return self._changed(turn, what) if turn.policy.id != self._before(turn).policy.id else ""

    def _changed(self, turn: Turn, what: str) -> str:
        name, when = pick((turn.policy.name, turn.policy.name_en), self.lang), self.date(turn.at)
        used = span(turn.after.worked * _MICRO, self.lang)
        due = self.date(turn.after.due_at) if turn.after.due_at else "?"
        return self.say(
            f"{when} 因{what}改按“{name}”，已用的 {used}照算，截止 {due}。",
            f"Since {what} on {when} the limit is “{name}”; the {used} already used stay used; due {due}.",
        )

    def ending(self) -> str:
        """How it stands now."""
        state, now = self.told.clock.state, self.now
        if state.state in (State.MET, State.LATE) and state.stopped_at is not None:
            return self._ended(state)
        if state.state != State.RUNNING or state.due_at is None:
            return ""
        if now > state.due_at:
            over = overdue_at(state, self.promises.terms(self.told.clock), now)
            late = span(self._over(over, state.due_at, now), self.lang)
            return self.say(f"现已超时 {late}。", f"Now {late} overdue.")
        return self.say(f"距截止还有 {span(state.due_at - now, 'zh')}。", f"{span(state.due_at - now, 'en')} left.")

    def _ended(self, state: ClockState) -> str:
        last = next(t for t in reversed(self.told.turns) if t.after.state in (State.MET, State.LATE))
        what, when = event(last.kind, self.lang), self.date(state.stopped_at or last.at)
        if state.state == State.MET:
            return self.say(f"{when} {what}，按时。", f"Ended by {what} on {when}, in time.")
        due = state.due_at or last.at
        over = span(self._over(state.worked - state.allowance, due, state.stopped_at or last.at), self.lang)
        return self.say(f"{when} {what}，超时 {over}。", f"Ended by {what} on {when}, {over} late.")

    @staticmethod
    def _over(open_time: int, due: datetime, until: datetime) -> timedelta:
        """How much too late: open time; plain time where it is late by an hour that nobody works."""
        return open_time * _MICRO if open_time > 0 else until - due

    def _before(self, turn: Turn) -> Turn:
        return self.told.turns[self.told.turns.index(turn) - 1]

    def _belated(self) -> bool:
        return self.first.kind not in self.first.policy.start_on

    def _terms(self, turn: Turn) -> Terms:
        terms = self.promises.compiled[turn.policy.id].terms
        return terms[self.told.clock.variant] if self.told.clock.variant < len(terms) else terms[0]

    def _basis(self, terms: Terms) -> str:
        """How long, on which calendar; English says it before the start, Chinese after."""
        length = duration(terms.duration, self.lang)
        if terms.duration.unit == DAYS:
            return self.say(f" {length}{self._kept(terms)}", length)
        name = pick((terms.calendar.name, terms.calendar.name_en), self.lang) or terms.calendar.code
        return self.say(f" {length}，按{set_in(name)}计", f"{length} of {name}")

    def _kept(self, terms: Terms) -> str:
        """Said of limits in days, which people expect to stand still."""
        if terms.duration.unit != DAYS or self.first.policy.pausable:
            return ""
        return self.say("，不因等待而停", ", not stopped by waiting")
