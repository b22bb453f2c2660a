"""One made-up case as the rows of every table it has rows in."""

from collections import defaultdict
from datetime import datetime, timedelta
from random import Random
from typing import Any

from benchmarks._fates import Fate
from benchmarks._ground import complaint
from benchmarks._province import PROVINCE, City
from bihuan.cases import chain
from bihuan.cases.actions import EVENTS, Doer, event_row
from bihuan.cases.numbers import number_of
from bihuan.cases.priority import priority_of
from bihuan.catalog import snapshot as catalog
from bihuan.customers import vault
from bihuan.intake import context as contexts
from bihuan.intake.batch import MESSAGES, PARTIES, UNITS, Batch
from bihuan.intake.prepare import facts
from bihuan.kernel.bulk import BulkTable, array_text
from bihuan.sla.book import Happened, NewClock
from bihuan.sla.clocks import ClockState, advance
from bihuan.sla.models import CLOCKS

DISPATCHES = BulkTable(
    "dispatch_dispatch",
    (
        ("case_id", "bigint"), ("unit_id", "bigint"), ("handler_id", "bigint"), ("at", "timestamptz"),
        ("by_id", "bigint"), ("demands", "text"), ("rule_set_code", "text"), ("received_at", "timestamptz"),
        ("received_by_id", "bigint"), ("assessment", "text"), ("verify_with", "text"), ("ended_at", "timestamptz"),
        ("outcome", "text"),
    ),
)  # fmt: skip
CONTACTS = BulkTable(
    "handling_contact",
    (("case_id", "bigint"), ("at", "timestamptz"), ("by_id", "bigint"), ("means", "text"), ("reached", "boolean")),
)
REPLIES = BulkTable(
    "handling_reply",
    (
        ("case_id", "bigint"), ("at", "timestamptz"), ("by_id", "bigint"), ("unit_id", "bigint"), ("means", "text"),
        ("text", "text"), ("solution", "text"), ("final", "boolean"),
    ),
)  # fmt: skip
REVISITS = BulkTable(
    "revisit_revisit",
    (
        ("case_id", "bigint"), ("at", "timestamptz"), ("by_id", "bigint"), ("means", "text"), ("reached", "boolean"),
        ("satisfaction", "smallint"), ("root_solved", "boolean"), ("left_over", "boolean"), ("answers", "jsonb"),
    ),
)  # fmt: skip
STATUS = {
    "handling_started": "in_handling", "revisit_attempted": "in_revisit", "revisited": "in_revisit",
}  # fmt: skip
_KEEPS = {"contacted"}
_MOMENTS = {
    "accepted": "accepted_at", "dispatched": "dispatched_at", "received": "received_at", "contacted": "contacted_at",
    "replied": "replied_at", "revisited": "revisited_at", "closed": "ended_at", "declined": "ended_at",
    "withdrawn": "ended_at",
}  # fmt: skip
_COUNTS = {
    "dispatched": "dispatch_count", "returned": "return_count", "reopened": "reopen_count", "replied": "reply_count",
}  # fmt: skip
_REPLY = "经现场检测为楼道分光器老化，已更换并复测正常，向客户说明原因并致歉，客户认可。"


class Maker:
    """Makes cases and gathers their rows until `taken`."""

    def __init__(self, rng: Random, now: datetime) -> None:
        self.rng, self.now = rng, now
        self.context = contexts.current()
        snapshot = catalog.current()
        self.categories = [n for n in snapshot.nodes.values() if n.tree == "phenomenon" and n.leaf and n.active]
        self.products = [n.id for n in snapshot.nodes.values() if n.tree == "product" and n.leaf]
        self.told = [complaint(number) for number in range(3000)]
        self.batch = Batch()
        self.rooms: dict[BulkTable, list[tuple[Any, ...]]] = defaultdict(list)
        self.run: dict[tuple[Any, ...], tuple[datetime, list[NewClock]]] = {}

    def taken(self) -> tuple[Batch, dict[BulkTable, list[tuple[Any, ...]]]]:
        """What was gathered; the next case begins anew."""
        found = self.batch, dict(self.rooms)
        self.batch, self.rooms = Batch(), defaultdict(list)
        return found

    def case(self, case_id: int, at: datetime, fate: Fate, city: City) -> None:
        """Gather all rows of one case registered at `at`."""
        told = self.rng.choice(self.told)
        columns = self._opening(case_id, at, told, city)
        party = self._party(case_id, told)
        self.batch.add(PARTIES, party)
        life = _Life(self, columns, city)
        history = [life.step(verb, at + timedelta(seconds=gone)) for verb, gone in fate.steps]
        self._clocks(columns, history, fate if life.ended else None)
        self.batch.add(UNITS, *((unit, case_id, since) for unit, since in life.units.items()))
        body = b"\x01" * 120
        self.batch.add(MESSAGES, (at, "sms", "receipt", case_id, case_id, "phone", "1", body, 1, None, ""))
        columns["category_path"] = array_text(columns["category_path"])
        columns["extra"] = chain.text(columns["extra"])
        self.batch.add_case(columns)

    def _party(self, case_id: int, told: dict[str, Any]) -> tuple[Any, ...]:
        """Every line complains two or three times in two years."""
        customer = dict(told["customer"])
        level = customer.pop("level")
        customer["phone"] = f"139{(case_id * 7919) % 40_000_000:08d}"
        return vault.seal_party(case_id, {**customer, "address": told["address"]}, {}, level).row

    def _opening(self, case_id: int, at: datetime, told: dict[str, Any], city: City) -> dict[str, Any]:
        rng = self.rng
        category, channel = rng.choice(self.categories), rng.choice(("hotline",) * 6 + ("app", "app", "wechat", "web"))
        by_agent = channel == "hotline"
        district = rng.choice(city.districts)
        urgency, impact, complexity = category.urgency or 1, category.impact or 1, category.complexity or 1
        level = told["customer"]["level"]
        return {
            "id": case_id, "number": number_of(case_id, at), "party_id": case_id, "channel": channel,
            "source_system": "crm", "source_number": f"F{case_id:010d}", "called_hotline": "10000",
            "customer_level": level, "relation": "self", "content": told["content"], "demand": told["demand"],
            "occurred_at": at - timedelta(hours=rng.random() * 40), "frequency": told["frequency"],
            "terminal": told["terminal"], "lat": told["location"]["lat"], "lon": told["location"]["lon"],
            "datum": "gcj02", "extra": told["extra"], "area_id": district, "province_id": PROVINCE,
            "city_id": city.id, "district_id": district, "service_type": category.service_type or "complaint",
            "category_id": category.id, "category_path": category.path, "suggested_category_id": category.id,
            "suggested_score": 0.8, "product_id": rng.choice(self.products), "urgency": urgency, "impact": impact,
            "complexity": complexity, "priority": priority_of(urgency, impact, complexity, level, []),
            "flags": "{}", "registered_at": at, "registered_by_id": rng.choice(city.agents) if by_agent else None,
            "registered_unit_id": city.service, "holder_unit_id": city.service, "category_code": category.code,
        }  # fmt: skip

    def _clocks(self, columns: dict[str, Any], history: list[Happened], ended: Fate | None) -> None:
        made = self._stopped(columns, history, ended) if ended else self.context.book.replayed(history)
        self.batch.add(CLOCKS, *(self._seen(clock).row(columns["id"], columns["area_id"]) for clock in made))
        standing = self.context.book.standing(made)
        columns.update(limit_at=standing.limit_at, promised_at=standing.limit_at, paused=standing.paused)
        if not ended:
            columns.update(next_due_at=standing.due_at, next_due_policy=standing.policy, next_due_owner=standing.owner)

    def _stopped(self, columns: dict[str, Any], history: list[Happened], fate: Fate) -> list[NewClock]:
        """Clocks of an ended case: those of an earlier one of the same fate and kind, moved to its own time."""
        told = history[-1].facts
        key = (fate, *(told.get(name) for name in ("service_type", "urgency", "impact", "complexity", "unit_kind")))
        if key not in self.run:
            self.run[key] = (columns["registered_at"], self.context.book.replayed(history))
        began, made = self.run[key]
        gone = columns["registered_at"] - began
        return [one._replace(state=ClockState(*(_moved(value, gone) for value in one.state))) for one in made]

    def _seen(self, clock: NewClock) -> NewClock:
        """What fell due until now has been told: the watch finds nothing left over."""
        if clock.state.next_at is None or clock.state.next_at > self.now:
            return clock
        terms = self.context.book.terms(clock)
        return clock._replace(state=advance(clock.state, terms, self.now)[0])


def _moved(value: Any, gone: timedelta) -> Any:
    return value + gone if isinstance(value, datetime) else value


class _Life:
    """A case being walked through its steps."""

    def __init__(self, maker: Maker, columns: dict[str, Any], city: City) -> None:
        self.maker, self.columns, self.city, self.rng = maker, columns, city, maker.rng
        self.code = columns.pop("category_code")
        self.facts = facts(columns, self.code, [], columns["customer_level"])
        self.before, self.seq, self.ended = chain.START, 0, False
        self.units: dict[int, datetime] = {columns["holder_unit_id"]: columns["registered_at"]}
        self.hand = self.rng.choices(city.hands, [8, 4, *[2] * (len(city.hands) - 2)])[0]

    def step(self, verb: str, at: datetime) -> Happened:
        """One step: columns, event, the room's own row."""
        columns, payload = self.columns, self._payload(verb)
        if verb not in _KEEPS:
            columns["status"] = STATUS.get(verb, verb)
        if verb in _MOMENTS and not (verb == "dispatched" and columns.get("dispatched_at")):
            columns[_MOMENTS[verb]] = at
        if verb in _COUNTS:
            columns[_COUNTS[verb]] = columns.get(_COUNTS[verb], 0) + 1
        self.ended = verb in {"closed", "declined", "withdrawn"}
        doer = self._doer(verb)
        getattr(self, f"_{verb}", lambda *_rest: None)(at, doer)
        self.seq += 1
        row, self.before = event_row(self.before, columns["id"], self.seq, verb, at, at, doer, "", payload)
        self.maker.batch.add(EVENTS, row)
        columns.update(last_hash=self.before, event_count=self.seq, version=self.seq)
        return Happened(verb, at, {**self.facts, "pauses": True} if verb == "waiting" else self.facts)

    def _doer(self, verb: str) -> Doer:
        columns, city = self.columns, self.city
        if verb == "registered":
            agent = columns["registered_by_id"]
            return Doer(agent, city.service, "desk") if agent else Doer(None, None, "public")
        if verb in {"revisited", "revisit_attempted", "closed"}:
            return Doer(self.rng.choice(city.revisitors), city.service, "desk")
        if columns.get("handler_id") and columns["holder_unit_id"] != city.service:
            return Doer(columns["handler_id"], self.hand[0], "desk")
        return Doer(self.rng.choice(city.dispatchers), city.service, "desk")

    def _payload(self, verb: str) -> dict[str, Any]:
        columns = self.columns
        if verb == "registered":
            return {
                "number": columns["number"], "channel": columns["channel"], "facts": self.facts,
                "source": [columns["source_system"], columns["source_number"]], "area": columns["area_id"],
                "priority": columns["priority"], "suggested": [columns["suggested_category_id"], "0.8"],
                "text_digest": chain.digest_of(columns["content"], columns["demand"]),
            }  # fmt: skip
        if verb == "dispatched":
            unit = self.maker.context.units.units[self.hand[0]]
            self.facts = {**self.facts, "unit": unit.id, "unit_kind": unit.kind}
            return {"unit": unit.id, "facts": {"unit": unit.id, "unit_kind": unit.kind}}
        told: dict[str, dict[str, Any]] = {
            "replied": {"text": _REPLY, "final": True},
            "contacted": {"means": "call", "reached": True},
            "revisited": {"reached": True, "satisfaction": 3},
            "waiting": {"reason": "parts", "pauses": "parts"},
        }
        return told.get(verb, {})

    def _dispatched(self, at: datetime, doer: Doer) -> None:
        unit, handlers = self.hand
        self.columns.update(holder_unit_id=unit, handler_id=self.rng.choice(handlers))
        self.units.setdefault(unit, at)
        row = (self.columns["id"], unit, self.columns["handler_id"], at, doer.staff_id, "请尽快核实处理", "", None)
        self.maker.rooms[DISPATCHES].append((*row, None, "", "", None, ""))

    def _returned(self, at: datetime, doer: Doer) -> None:
        self.columns.update(holder_unit_id=self.city.service, handler_id=None)

    _recalled = _returned

    def _contacted(self, at: datetime, doer: Doer) -> None:
        self.maker.rooms[CONTACTS].append((self.columns["id"], at, doer.staff_id, "call", True))

    def _replied(self, at: datetime, doer: Doer) -> None:
        self.columns.setdefault("first_reply_at", at)
        row = (self.columns["id"], at, doer.staff_id, doer.unit_id, "call", _REPLY, "", True)
        self.maker.rooms[REPLIES].append(row)

    def _revisited(self, at: datetime, doer: Doer) -> None:
        score = self.rng.choice((3, 3, 3, 3, 2))
        self.columns["satisfaction"] = score
        self.maker.rooms[REVISITS].append(
            (self.columns["id"], at, doer.staff_id, "call", True, score, True, False, "[]")
        )
