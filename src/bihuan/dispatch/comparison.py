"""What a changed rule set would have done: last weeks' cases by the rules in force and by the new ones, side by side."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from bihuan.cases.access import visible
from bihuan.catalog import snapshot as catalog
from bihuan.dispatch.queries import moment_facts
from bihuan.dispatch.rules import Choice, RuleInfo, bounds, choose
from bihuan.identity.units import UnitBook
from bihuan.identity.viewer import Viewer

DAYS = 30
MOST = 100_000
EXAMPLES = 3
_COLUMNS = (
    "number", "category_id", "suggested_category_id", "product_id", "service_type", "channel", "flags", "province_id",
    "city_id", "district_id", "area_id", "customer_level", "urgency",
)  # fmt: skip
Answer = tuple[int | None, int | None, str, str]
"""Unit, priority, person and limits' word a rule set gives; nothing at all where no rule fits."""


@dataclass
class Line:
    """So many cases would go from one answer to another; some of their numbers."""

    before: Answer
    after: Answer
    count: int = 0
    examples: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Comparison:
    """`total` cases looked at (the newest `MOST`), `changed` of them answered otherwise; lines, most cases first."""

    total: int
    changed: int
    lines: Sequence[Line]


def compare(
    viewer: Viewer, now_rules: Sequence[RuleInfo], new_rules: Sequence[RuleInfo], units: UnitBook, until: datetime
) -> Comparison:
    """Both sets over the cases of the last `DAYS` days that the viewer sees: one statement, each kind of case decided once."""
    keys = {key for rule in (*now_rules, *new_rules) for key in rule.conditions}
    spans = [span for rule in (*now_rules, *new_rules) for span in rule.conditions.get("hours", ())]
    words = sorted({word for rule in (*now_rules, *new_rules) for word in rule.conditions.get("text", ())})
    extra = (["registered_at"] if keys & {"hours", "weekdays"} else []) + (["content", "demand"] if words else [])
    found = visible(viewer).filter(registered_at__gte=until - timedelta(days=DAYS), registered_at__lte=until)
    rows = found.order_by("-registered_at").values_list(*_COLUMNS, *extra)[:MOST]
    return _counted(
        rows.iterator(chunk_size=5000), now_rules, new_rules, units, words,
        Stretches(spans) if keys & {"hours", "weekdays"} else None,
    )  # fmt: skip


class Stretches:
    """Moments the rules cannot tell apart share one minute: the last at which a span of theirs begins or ends."""

    def __init__(self, spans: Iterable[str]) -> None:
        self._turns = sorted({0, *(turn for span in spans for turn in bounds(span))})

    def facts(self, at: datetime) -> dict[str, int]:
        """As `queries.moment_facts`, with that minute."""
        told = moment_facts(at)
        return {**told, "minute": self._turns[bisect_right(self._turns, told["minute"]) - 1]}


def _counted(
    rows: Iterable[tuple[Any, ...]],
    now_rules: Sequence[RuleInfo],
    new_rules: Sequence[RuleInfo],
    units: UnitBook,
    words: Sequence[str],
    stretches: Stretches | None,
) -> Comparison:
    known: dict[tuple[Any, ...], tuple[Answer, Answer]] = {}
    lines: dict[tuple[Answer, Answer], Line] = {}
    total = changed = 0
    book = catalog.current()
    for row in rows:
        total += 1
        moment = stretches.facts(row[13]) if stretches else {}
        text = " ".join(word for word in words if word in row[-2] or word in row[-1]) if words else ""
        key = (*row[1:6], tuple(row[6]), *row[7:13], *moment.values(), text)
        pair = known.get(key)
        if pair is None:
            facts = {**_facts(row, book), **moment, "text": text}
            areas = (row[7], row[8], row[9])
            pair = (_answer(choose(now_rules, facts, areas, units)), _answer(choose(new_rules, facts, areas, units)))
            known[key] = pair
        if pair[0] != pair[1]:
            changed += 1
            line = lines.setdefault(pair, Line(*pair))
            line.count += 1
            if len(line.examples) < EXAMPLES:
                line.examples.append(row[0])
    return Comparison(total, changed, sorted(lines.values(), key=lambda line: -line.count))


def _facts(row: tuple[Any, ...], book: catalog.Snapshot) -> Mapping[str, Any]:
    category, product = book.nodes.get(row[1] or row[2] or 0), book.nodes.get(row[3] or 0)
    area = book.areas.get(row[10] or 0)
    return {
        "category": category.code if category else "",
        "product": product.code if product else "",
        "service_type": row[4],
        "channel": row[5],
        "flags": row[6],
        "areas": list(row[7:11]),
        "area_level": area.level if area else 0,
        "customer_level": row[11],
        "urgency": row[12],
    }


def _answer(choice: Choice | None) -> Answer:
    if choice is None:
        return (None, None, "", "")
    target = choice.rule.target
    return choice.unit.id, choice.rule.priority, str(target.get("staff", "")), str(target.get("routed", ""))
