"""Deeds on many complaints over the API: a result for each, progress, and the undoing."""

from datetime import datetime
from typing import Annotated, Literal

from django.utils.translation import gettext_lazy as _
from msgspec import Meta, Struct

from bihuan.api.v1.inputs import Code, Note, _In
from bihuan.api.v1.operation import Answer, Call, Operation
from bihuan.api.v1.sharing import person_of, unit_of
from bihuan.dispatch.models import Bulk, BulkRow
from bihuan.flow import bulk
from bihuan.identity import roles
from bihuan.kernel.errors import NotFound


class BulkIn(_In):
    """One deed on many complaints; `from_unit` instead of numbers: all its open ones."""

    deed: Literal["receipts", "dispatches", "transfers", "assignments", "closures"]
    numbers: Annotated[list[Code], Meta(max_length=20000)] = []
    from_unit: Code = ""
    unit: Annotated[str, Meta(max_length=64, description="For dispatches (empty: by rule) and transfers")] = ""
    handler: Annotated[str, Meta(max_length=64, description="Username, for assignments")] = ""
    cause: Annotated[str, Meta(max_length=64, description="Code of a cause, for closures")] = ""
    evidence_kinds: list[Literal["kpi", "alarm", "field_test", "interference", "signalling"]] = []
    losses: list[Literal["value", "system", "people"]] = []
    proof: Annotated[str, Meta(max_length=500, description="Where the proof lies, for closures")] = ""
    why: Note = ""


class RowOut(Struct, kw_only=True):
    """What became of one complaint; `ok` is null until it was tried."""

    number: str
    ok: bool | None
    text: str


class BulkOut(Struct, kw_only=True):
    """A deed: how far it is, and what became of each complaint."""

    id: int
    deed: str
    total: int
    done: int
    good: int
    finished_at: datetime | None
    undoes: int | None
    undone_by: int | None
    rows: list[RowOut]


def bulk_start(call: Call) -> Answer:
    """`POST /bulk`."""
    told: BulkIn = call.body
    values = {
        "unit": unit_of(told.unit, "unit") if told.unit else None,
        "staff": person_of(told.handler),
        **{name: getattr(told, name) for name in ("cause", "evidence_kinds", "losses", "proof")},
        "why": told.why,
    }
    numbers = (
        bulk.numbers_of_unit(call.viewer, unit_of(told.from_unit, "from_unit")) if told.from_unit else told.numbers
    )
    made = bulk.start(call.viewer, told.deed, numbers, {name: value for name, value in values.items() if value})
    return Answer(_bulk(made))


def bulk_state(call: Call) -> Answer:
    """`GET /bulk/{id}`."""
    return Answer(_bulk(_own(call)))


def bulk_undoing(call: Call) -> Answer:
    """`POST /bulk/{id}/undoing`."""
    return Answer(_bulk(bulk.undo(call.viewer, _own(call).pk)))


def _own(call: Call) -> Bulk:
    ident = int(call.places["id"])
    if ident >= 2**63:
        raise NotFound("bulk")
    return bulk.find(call.viewer, ident)


def _bulk(made: Bulk) -> BulkOut:
    rows = BulkRow.objects.filter(bulk_id=made.pk).order_by("place")
    return BulkOut(
        id=made.pk, deed=made.deed, total=made.total, done=made.done, good=made.good, finished_at=made.finished_at,
        undoes=made.undoes_id, undone_by=made.undone_by_id,
        rows=[RowOut(number=row.number, ok=row.ok, text=row.text) for row in rows],
    )  # fmt: skip


_WORKERS = (roles.DISPATCH, roles.RECEIVE, roles.CLOSE)
OPERATIONS = (
    Operation(
        "POST", "/bulk", "startBulk", "sharing", _("批量办理：逐张给出结果，超过 200 张在后台办理"), _WORKERS, bulk_start,
        BulkOut, body=BulkIn, status=201, most_bytes=1024 * 1024,
        example={"deed": "transfers", "from_unit": "cz.wj", "unit": "cz.tn"},
    ),
    Operation("GET", "/bulk/{id}", "readBulk", "sharing", _("批量办理的进度和结果"), _WORKERS, bulk_state, BulkOut),
    Operation(
        "POST", "/bulk/{id}/undoing", "undoBulk", "sharing", _("撤销一次批量办理"), _WORKERS, bulk_undoing, BulkOut,
        status=201,
    ),
)  # fmt: skip
