"""A policy: one promise as data. What it applies to, what starts, stops, pauses it, and how long it runs. Pure."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext as _

from bihuan.kernel.errors import RuleError
from bihuan.sla.durations import Duration
from bihuan.sla.terms import Terms

Facts = Mapping[str, Any]
Test = Callable[[Facts], bool]

RESUMES = ("resumed", "recalled", "returned", "dispatched", "received", "handling_started", "reopened")
"""Whatever ends waiting: a case can leave it by being called back, too, and a clock must not sleep on."""
RECLASSIFY = frozenset(("classified", "priority_changed", "customer_changed"))
"""Events after which other promises may apply to the same case."""
OF_A_DISPATCH = frozenset(("dispatched", "recalled"))
"""Events whose clocks end with an undone dispatch, which is recalled first."""
OPERATORS = ("not", "gte", "lte", "prefix", "has")


class Owner(StrEnum):
    """Whose promise it is: to the customer, of a unit, of the operator to itself, to a regulator, or for assessment."""

    CUSTOMER = "customer"
    UNIT = "unit"
    OPERATOR = "operator"
    REGULATOR = "regulator"
    ASSESSMENT = "assessment"


@dataclass(frozen=True, slots=True)
class Variant:
    """Another duration under the same policy for some cases, e.g. a customer level."""

    applies: tuple[Mapping[str, Any], ...]
    duration: Duration


@dataclass(frozen=True, slots=True)
class Policy:
    """One version of one promise.

    `applies`: any of these condition sets (none: every case); a set holds when all its entries do. An entry is
    `{"fact": value or list of values}` or `{"fact__op": …}` with op `not`, `gte`, `lte`, `prefix`, `has` (the fact is a
    list and contains one of the values).
    `family`: of the policies of one family only the one with the highest `rank` runs; a changed priority moves the
    clock over with all it has used. `repeats`: starts anew at each further start event (a unit's own limit).
    `warn`: fractions of the time or times before due; `escalate`: times after due. `tell`: code of the calendar on which
    people may be told (empty: at once); the fact itself is always recorded at its moment.
    """

    id: int
    code: str
    version: int
    name: str
    name_en: str
    owner: str
    duration: Duration
    start_on: tuple[str, ...]
    stop_on: tuple[str, ...]
    calendar: str = "7x24"
    family: str = ""
    rank: int = 0
    applies: tuple[Mapping[str, Any], ...] = ()
    variants: tuple[Variant, ...] = ()
    cancel_on: tuple[str, ...] = ("withdrawn", "merged")
    reopen_on: tuple[str, ...] = ()
    pausable: bool = False
    pause_on: tuple[str, ...] = ("waiting",)
    resume_on: tuple[str, ...] = RESUMES
    repeats: bool = False
    warn: tuple[float | Duration, ...] = ()
    escalate: tuple[Duration, ...] = ()
    tell: str = ""
    active: bool = True
    basis: str = ""
    """Where the figure comes from, in words."""

    @property
    def kin(self) -> str:
        """The family, or the policy alone."""
        return self.family or self.code

    @property
    def outlives(self) -> bool:
        """True when closing the complaint does not keep the promise: a public body waits for its own answer."""
        return all(kind.startswith("appeal_") for kind in self.start_on)


@dataclass(frozen=True, slots=True)
class Compiled:
    """A policy made ready: `holds(facts)`, and the terms of its base duration and of each variant."""

    policy: Policy
    holds: Test
    tests: tuple[Test, ...]
    terms: tuple[Terms, ...]

    def variant(self, facts: Facts) -> int:
        """0 for the base duration, n for the n-th variant: the first that holds."""
        for number, test in enumerate(self.tests, 1):
            if test(facts):
                return number
        return 0


def condition(sets: Sequence[Mapping[str, Any]], field: str = "applies") -> Test:
    """The test for `applies`; an entry nobody understands is refused, so that a typing error never means "every case"."""
    tests = [_all([_entry(key, value, field) for key, value in one.items()]) for one in sets]
    if not tests:
        return lambda facts: True
    if len(tests) == 1:
        return tests[0]
    return lambda facts: any(test(facts) for test in tests)


def _all(tests: list[Test]) -> Test:
    if len(tests) == 1:
        return tests[0]
    return lambda facts: all(test(facts) for test in tests)


def _entry(key: str, value: Any, field: str) -> Test:
    fact, _mark, operator = key.partition("__")
    values = tuple(value) if isinstance(value, list | tuple | set | frozenset) else (value,)
    if not fact or not values or (operator and operator not in OPERATORS):
        raise RuleError(
            "policy.condition",
            _("条件 %s 无法识别；可用写法：事实名，或事实名__%s。") % (key, "/".join(OPERATORS)),
            field=field,
        )
    if operator in ("gte", "lte"):
        return _bound(fact, operator, value, field)
    if operator == "prefix":
        starts = tuple(str(part) for part in values)
        return lambda facts: str(facts.get(fact) or "").startswith(starts)
    if operator == "has":
        wanted = frozenset(values)
        return lambda facts: not wanted.isdisjoint(facts.get(fact) or ())
    among = frozenset(values)
    if operator == "not":
        return lambda facts: _value(facts, fact) not in among
    return lambda facts: _value(facts, fact) in among


def _value(facts: Facts, fact: str) -> Any:
    found = facts.get(fact)
    return "" if found is None else found


def _bound(fact: str, operator: str, value: Any, field: str) -> Test:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise RuleError("policy.condition", _("条件 %s__%s 需要一个数。") % (fact, operator), field=field)
    limit, most = (value, float("inf")) if operator == "gte" else (float("-inf"), value)

    def within(facts: Facts) -> bool:
        found = facts.get(fact)
        return isinstance(found, int | float) and limit <= found <= most

    return within


def check(policy: Policy) -> None:
    """Refuses a policy that could never work; the messages name the field."""
    condition(policy.applies)
    for variant in policy.variants:
        condition(variant.applies, "variants")
    if policy.owner not in set(Owner):
        raise RuleError(
            "policy.owner", _("归属 %s 不存在；可选 %s。") % (policy.owner, "、".join(Owner)), field="owner"
        )
    if not policy.start_on or not policy.stop_on:
        raise RuleError("policy.events", _("请写明起算事件和停止事件。"), field="start_on")
    if not policy.code or not policy.name:
        raise RuleError("policy.name", _("请填写代码和名称。"), field="name")
    for part in policy.warn:
        if isinstance(part, float | int) and not 0 < part < 1:
            raise RuleError("policy.warn", _("预警比例 %s 应在 0 与 1 之间，例如 0.8。") % (part,), field="warn")
    spans = [part for part in (*policy.warn, *policy.escalate) if isinstance(part, Duration)]
    if any(part.unit != "time" for part in spans):
        raise RuleError("policy.levels", _("预警和升级时长请用小时、分钟或秒。"), field="escalate")


def from_data(data: Mapping[str, Any], *, id: int = 0, version: int = 1, active: bool = True) -> Policy:
    """A policy from its stored or shipped form: plain JSON values, keys as in `Policy`, `applies` one set or a list."""
    for name in ("code", "name", "owner", "duration", "start_on", "stop_on"):
        if name not in data:
            raise RuleError("policy.incomplete", _("时限规则缺少 %s。") % name, field=name)
    texts: dict[str, Any] = {n: str(data.get(n) or "") for n in ("code", "name", "owner", "family", "tell", "basis")}
    kinds: dict[str, Any] = {n: tuple(data.get(n) or ()) for n in ("start_on", "stop_on", "reopen_on")}
    made = Policy(
        id=id,
        version=version,
        active=active,
        **texts,
        **kinds,
        name_en=str(data.get("name_en") or data["name"]),
        duration=Duration.parse(data["duration"]),
        calendar=data.get("calendar") or "7x24",
        rank=int(data.get("rank") or 0),
        applies=_sets(data.get("applies")),
        variants=tuple(_variant(one) for one in data.get("variants") or ()),
        cancel_on=_cancels(data.get("cancel_on", ("withdrawn", "merged"))),
        pausable=bool(data.get("pausable")),
        repeats=bool(data.get("repeats")),
        warn=tuple(_level(part) for part in data.get("warn") or ()),
        escalate=tuple(Duration.parse(part, "escalate") for part in data.get("escalate") or ()),
    )
    check(made)
    return made


def _variant(data: Mapping[str, Any]) -> Variant:
    return Variant(_sets(data.get("applies")), Duration.parse(data.get("duration"), "variants"))


def _sets(applies: Any) -> tuple[Mapping[str, Any], ...]:
    if not applies:
        return ()
    if isinstance(applies, Mapping):
        return (applies,)
    if not isinstance(applies, list | tuple) or not all(isinstance(one, Mapping) for one in applies):
        raise RuleError("policy.condition", _("适用条件应为对象，或对象的列表。"), field="applies")
    return tuple(applies)


def _level(part: Any) -> float | Duration:
    """0.8 stays a fraction of the time, "30m" is a time before due."""
    if isinstance(part, float) and 0 < part < 1:
        return part
    return Duration.parse(part, "warn")


def _cancels(told: Iterable[str]) -> tuple[str, ...]:
    """What ends for a withdrawn case ends for one that goes on as a service request, too."""
    kinds = tuple(told)
    return (*kinds, "converted") if "withdrawn" in kinds and "converted" not in kinds else kinds
