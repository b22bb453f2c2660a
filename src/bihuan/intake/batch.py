"""The rows a batch of complaints becomes, table by table, and the one statement that writes them."""

from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any

from bihuan.cases.actions import EVENTS
from bihuan.customers.vault import PARTIES
from bihuan.kernel.bulk import BulkTable, together
from bihuan.sla.models import CLOCKS

CASES = BulkTable(
    "cases_case",
    (
        ("id", "bigint"),
        ("number", "text"),
        ("mode", "text"),
        ("status", "text"),
        ("version", "integer"),
        ("event_count", "integer"),
        ("last_hash", "bytea"),
        ("channel", "text"),
        ("source_system", "text"),
        ("source_number", "text"),
        ("called_hotline", "text"),
        ("party_id", "bigint"),
        ("customer_level", "smallint"),
        ("relation", "text"),
        ("content", "text"),
        ("demand", "text"),
        ("occurred_at", "timestamptz"),
        ("frequency", "text"),
        ("terminal", "text"),
        ("lat", "double precision"),
        ("lon", "double precision"),
        ("datum", "text"),
        ("extra", "jsonb"),
        ("area_id", "bigint"),
        ("province_id", "bigint"),
        ("city_id", "bigint"),
        ("district_id", "bigint"),
        ("service_type", "text"),
        ("category_id", "bigint"),
        ("category_path", "bigint[]"),
        ("suggested_category_id", "bigint"),
        ("suggested_score", "double precision"),
        ("product_id", "bigint"),
        ("dispute_id", "bigint"),
        ("cause_id", "bigint"),
        ("urgency", "smallint"),
        ("impact", "smallint"),
        ("complexity", "smallint"),
        ("priority", "smallint"),
        ("flags", "text[]"),
        ("registered_at", "timestamptz"),
        ("registered_by_id", "bigint"),
        ("registered_unit_id", "bigint"),
        ("holder_unit_id", "bigint"),
        ("handler_id", "bigint"),
        ("accepted_at", "timestamptz"),
        ("dispatched_at", "timestamptz"),
        ("received_at", "timestamptz"),
        ("contacted_at", "timestamptz"),
        ("first_reply_at", "timestamptz"),
        ("replied_at", "timestamptz"),
        ("revisited_at", "timestamptz"),
        ("ended_at", "timestamptz"),
        ("promised_at", "timestamptz"),
        ("limit_at", "timestamptz"),
        ("satisfaction", "smallint"),
        ("dispatch_count", "smallint"),
        ("return_count", "smallint"),
        ("reopen_count", "smallint"),
        ("chaser_count", "smallint"),
        ("reply_count", "smallint"),
        ("repeat_of_id", "bigint"),
        ("merged_into_id", "bigint"),
        ("next_due_at", "timestamptz"),
        ("next_due_policy", "text"),
        ("next_due_owner", "text"),
        ("paused", "boolean"),
    ),
)
UNITS = BulkTable("cases_caseunit", (("unit_id", "bigint"), ("case_id", "bigint"), ("since", "timestamptz")))
ANSWERED = BulkTable(
    "intake_answered",
    (("token_id", "bigint"), ("key", "text"), ("body_digest", "bytea"), ("case_id", "bigint"), ("at", "timestamptz")),
)
MESSAGES = BulkTable(
    "kernel_message",
    (
        ("created_at", "timestamptz"),
        ("medium", "text"),
        ("purpose", "text"),
        ("subject_id", "bigint"),
        ("recipient_id", "bigint"),
        ("recipient_field", "text"),
        ("key_id", "text"),
        ("body", "bytea"),
        ("attempts", "smallint"),
        ("next_try_at", "timestamptz"),
        ("error", "text"),
    ),
)

TABLES = (PARTIES, CASES, EVENTS, CLOCKS, UNITS, ANSWERED, MESSAGES)
STATEMENT = together(TABLES)
_EMPTY: dict[str, Any] = {
    "mode": "live", "status": "registered", "version": 1, "event_count": 1, "dispatch_count": 0, "return_count": 0,
    "reopen_count": 0, "chaser_count": 0, "reply_count": 0, "next_due_policy": "", "next_due_owner": "", "paused": False,
}  # fmt: skip


_DEFAULTS = {name: _EMPTY.get(name) for name in CASES.names}
_in_order = itemgetter(*CASES.names)


@dataclass
class Batch:
    """Rows by table name."""

    rows: dict[str, list[tuple[Any, ...]]] = field(default_factory=lambda: {table.name: [] for table in TABLES})

    def add(self, table: BulkTable, *rows: tuple[Any, ...]) -> None:
        """Add finished rows of one table."""
        self.rows[table.name].extend(rows)

    def add_case(self, columns: dict[str, Any]) -> None:
        """Add a case from a mapping; columns left out are empty or zero."""
        self.rows[CASES.name].append(_in_order({**_DEFAULTS, **columns}))

    def parameters(self) -> list[str]:
        """The parameters of `STATEMENT`."""
        return [column for table in TABLES for column in table.parameters(self.rows[table.name])]
