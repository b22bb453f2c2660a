"""The watch's facts and the graded procedure in one transaction: each fact meets at most one level, which says whom to tell,
whether to raise the priority, give the case to somebody else, or have it supervised.

Set-based: a constant number of statements for a chunk of facts. A level is met exactly when its fact is written, so a level
is neither told twice nor missed, whenever the program stood still.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.db import connection
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_noop

from bihuan.cases.actions import Fact, record_many
from bihuan.cases.models import Case
from bihuan.cases.priority import raised
from bihuan.catalog import snapshot as catalog
from bihuan.catalog.snapshot import NodeInfo
from bihuan.dispatch import assigning
from bihuan.escalation import queries as levels
from bihuan.escalation import queries as procedure
from bihuan.escalation.rules import LevelInfo, choose
from bihuan.flow import confirming
from bihuan.flow.targets import Targets
from bihuan.identity import roster
from bihuan.kernel import clock
from bihuan.kernel.phrases import phrase
from bihuan.notices import actions as notices
from bihuan.notices.actions import Telling
from bihuan.sla import deadlines, watch
from bihuan.sla import queries as limits
from bihuan.sla.book import PolicyBook
from bihuan.supervision import actions as supervision

DEMAND = phrase(gettext_noop("%(level)s：请尽快办结，并在期限内报告进展。"), level=levels.named)
"""What a supervision ordered by the procedure demands."""
WORK = "work"
"""What stands for the owner of a limit where a sub-task's term is meant."""
_COLUMNS = (
    "id", "number", "status", "priority", "urgency", "customer_level", "flags", "category_id", "province_id", "city_id",
    "district_id", "area_id", "holder_unit_id", "handler_id", "registered_by_id",
)  # fmt: skip


def run_limits() -> int:
    """One round of the watch over clocks; for the schedule, every second."""
    return watch.sweep(clock.now(), record)


def run_terms() -> int:
    """One round of the watch over sub-work's terms; for the schedule, every second. What the procedure had supervised ends
    with its case, before its term could fire."""
    now = clock.now()
    supervision.lapse(now)
    return deadlines.sweep(now, _record_terms)


def _record_terms(facts: Sequence[Fact]) -> None:
    record(facts)
    confirming.missed(facts)


@dataclass
class _Round:
    """What one chunk leads to, gathered before anything is written."""

    now: datetime
    cases: dict[int, Case]
    targets: Targets
    instead: Mapping[int, int]
    supervised: set[int]
    promises: PolicyBook
    nodes: Mapping[int, NodeInfo]
    dues: dict[str, datetime] = field(default_factory=dict)
    """When a supervision ordered now is due, by its duration."""
    facts: list[Fact] = field(default_factory=list)
    tellings: list[Telling] = field(default_factory=list)
    moves: dict[int, assigning.Move] = field(default_factory=dict)
    orders: list[tuple[Case, str, datetime]] = field(default_factory=list)
    changed: set[int] = field(default_factory=set)


def record(facts: Sequence[Fact]) -> None:
    """Append these facts of the watch to their cases, each with what the procedure makes of it. In the watch's transaction."""
    levels = procedure.in_force()
    if not facts or not levels:
        record_many(facts)
        return
    now = clock.now()
    rows = Case.objects.filter(pk__in={fact.case_id for fact in facts}).only(*_COLUMNS)
    cases = {case.id: case for case in rows}
    wants = any(level.supervise for level in levels)
    round_ = _Round(
        now, cases, Targets(now), roster.stand_ins(now), supervision.supervised(list(cases)) if wants else set(),
        limits.book(), catalog.current().nodes,
    )  # fmt: skip
    for fact in facts:
        _meet(round_, fact, levels)
    _write(round_)


def _meet(round_: _Round, fact: Fact, levels: Sequence[LevelInfo]) -> None:
    """One fact: the level it meets goes into its payload, what is to be done into the round."""
    case = round_.cases.get(fact.case_id)
    asked = facts_of(fact, case, round_.promises, round_.nodes) if case is not None else None
    level = choose(levels, asked) if asked is not None else None
    if case is None or level is None or asked is None:
        round_.facts.append(fact)
        return
    named = level.told(asked)
    told: dict[str, Any] = {"procedure": named}
    unit_id, person_id = _acting(fact, case)
    to = [one for target in level.tell for one in round_.targets.of(target, case, unit_id, person_id)]
    told["told"] = list(dict.fromkeys(round_.instead.get(one, one) for one in to))
    if level.raises and case.priority > 1:
        told["priority"] = [case.priority, raised(case.priority)]
        case.priority = raised(case.priority)
        round_.changed.add(case.id)
    round_.facts.append(replace(fact, payload={**fact.payload, **told}))
    _tell(round_, fact, level, to)
    _reassign(round_, case, level, named)
    _supervise(round_, case, level)


def facts_of(fact: Fact, case: Case, promises: PolicyBook, nodes: Mapping[int, NodeInfo]) -> dict[str, Any]:
    """What levels ask about, from the watch's fact and the case."""
    payload, moment = fact.payload, fact.kind.partition("_")[2]
    of_clock = fact.kind.startswith("clock_")
    policy = promises.compiled.get(payload.get("policy", 0)) if of_clock else None
    node = nodes.get(case.category_id or 0)
    return {
        "moment": moment,
        "number": payload.get("level", 1),
        "owner": payload.get("owner", "") if of_clock else WORK,
        "policy": payload.get("code", ""),
        "family": policy.policy.kin if policy else "",
        "work": payload.get("deadline", ""),
        "category": node.code if node else "",
        "areas": [case.province_id, case.city_id, case.district_id, case.area_id],
        "flags": case.flags,
        "urgency": case.urgency,
        "customer_level": case.customer_level,
    }


def _acting(fact: Fact, case: Case) -> tuple[int | None, int | None]:
    """(unit, person) who has to act: of a sub-task whose work it is, else (and of a supervision) who has the case now."""
    if fact.kind.startswith("deadline_") and fact.payload.get("deadline") != supervision.KIND:
        return fact.payload.get("unit", case.holder_unit_id), fact.payload.get("staff")
    return case.holder_unit_id, case.handler_id


def _tell(round_: _Round, fact: Fact, level: LevelInfo, to: Sequence[int]) -> None:
    if not to:
        return
    payload = fact.payload
    facts = {"due": payload.get("limit"), "level": level.grade, "version": level.version}
    policy = round_.promises.compiled.get(payload.get("policy", 0))
    named = {"name": payload.get("name"), "name_en": policy.policy.name_en if policy else ""}
    if "deadline" in payload:
        named = {"work": payload["deadline"]}
    kind = f"limit_{fact.kind.partition('_')[2]}"
    round_.tellings.append(Telling(kind, to, fact.case_id, {**named, **facts}, _moment(payload.get("tell_at"))))


def _moment(value: Any) -> datetime | None:
    return parse_datetime(value) if isinstance(value, str) else value


def _reassign(round_: _Round, case: Case, level: LevelInfo, named: Mapping[str, Any]) -> None:
    """To whom the level gives the case; nobody loses it to herself, and what was received never goes back to the pool."""
    if not level.reassign or case.status not in assigning.IN_WORK or case.id in round_.moves:
        return
    to: int | None = None
    if level.reassign == "deputy":
        to = round_.instead.get(case.handler_id or 0)
    elif level.reassign == "lead":
        to = next((round_.instead.get(one, one) for one in round_.targets.lead(case.holder_unit_id)), None)
    pool = level.reassign == "pool" and case.status == "dispatched"
    if (to is None and not pool) or to == case.handler_id or case.holder_unit_id is None:
        return
    told = {"procedure": named}
    round_.moves[case.id] = assigning.Move(
        case.id, case.holder_unit_id, to, "procedure", case.handler_id, because=told, waits=case.status == "dispatched"
    )
    facts = {"level": level.grade, "version": level.version}
    round_.tellings.append(Telling("taken_back", [one for one in [case.handler_id] if one], case.id, facts))
    round_.tellings.append(Telling("handed_over", [to] if to else [], case.id, facts))
    case.handler_id = to


def _supervise(round_: _Round, case: Case, level: LevelInfo) -> None:
    if not level.supervise or case.id in round_.supervised:
        return
    round_.supervised.add(case.id)
    due = round_.dues.get(level.supervise)
    if due is None:
        due = round_.dues[level.supervise] = deadlines.due_after(round_.now, level.supervise, supervision.CALENDAR)
    demand = DEMAND.said(level=level.name)
    round_.orders.append((case, demand, due))
    if supervision.FLAG not in case.flags:
        case.flags = [*case.flags, supervision.FLAG]
    round_.changed.add(case.id)
    lead = round_.targets.lead(case.holder_unit_id)
    people = [one for one in (case.handler_id, *lead) if one]
    round_.tellings.append(Telling("supervision_ordered", people, case.id, {"due": due, "text": demand}))


def _write(round_: _Round) -> None:
    """Everything of one chunk: the facts first, so that what follows from them stands behind them on the timeline."""
    made = supervision.started(round_.orders, round_.now) if round_.orders else []
    orders = [
        Fact(
            one.case_id, "supervision_ordered", round_.now,
            {"supervision": one.id, "demand": one.demand, "due": one.due_at, "unit": one.unit_id}, actor=watch.WATCH,
        )
        for one in made
    ]  # fmt: skip
    record_many([*round_.facts, *orders])
    if round_.changed:
        _keep([round_.cases[ident] for ident in sorted(round_.changed)])
    assigning.move_many(list(round_.moves.values()), watch.WATCH, round_.now)
    notices.tell_many([one for one in round_.tellings if one.staff_ids])


def _keep(cases: Sequence[Case]) -> None:
    """Priority and flags of these cases: one statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE cases_case c SET priority = u.priority, flags = string_to_array(u.flags, ',')"
            " FROM unnest(%s::bigint[], %s::smallint[], %s::text[]) AS u (id, priority, flags) WHERE c.id = u.id",
            [[one.id for one in cases], [one.priority for one in cases], [",".join(one.flags) for one in cases]],
        )
