"""Orders with a past: events rebuilt from the moments another system recorded."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bihuan.cases import chain
from bihuan.cases.actions import EVENTS, Doer, event_rows
from bihuan.intake.batch import Batch
from bihuan.intake.prepare import Checked, facts
from bihuan.intake.schema import Past
from bihuan.kernel.errors import RuleError
from bihuan.sla.book import Happened
from bihuan.sla.models import CLOCKS

if TYPE_CHECKING:
    from bihuan.intake.context import Context
    from bihuan.intake.work import Draft

_ORDER = ("registered_at", "accepted_at", "dispatched_at", "received_at", "replied_at", "revisited_at", "closed_at")
_NAMES = {
    "registered_at": _("登记时间"),
    "accepted_at": _("受理时间"),
    "dispatched_at": _("派单时间"),
    "received_at": _("接单时间"),
    "replied_at": _("答复时间"),
    "revisited_at": _("回访时间"),
    "closed_at": _("结单时间"),
}
_STATUS = {
    "registered": "registered",
    "accepted": "accepted",
    "dispatched": "dispatched",
    "received": "received",
    "replied": "replied",
    "revisited": "in_revisit",
    "closed": "closed",
}


def check(record: Past, now: datetime) -> None:
    """Moments must follow one another and none may lie ahead; a finished order needs its end."""
    before, before_name = record.registered_at, _ORDER[0]
    for name in _ORDER:
        moment = getattr(record, name)
        if moment is None:
            continue
        if moment > now:
            message = gettext("%(name)s晚于现在，请核对。") % {"name": _NAMES[name]}
            raise RuleError(f"{name}.future", message, field=name)
        if moment < before:
            raise RuleError(
                f"{name}.order",
                gettext("%(name)s早于%(before)s，请核对这两列。")
                % {"name": _NAMES[name], "before": _NAMES[before_name]},
                field=name,
            )
        before, before_name = moment, name
    if record.finished and record.closed_at is None:
        raise RuleError(
            "closed_at.missing",
            gettext("历史模式只接收已办结的工单：缺少结单时间。未办结的请用“在办”模式导入。"),
            field="closed_at",
        )


def _moments(record: Past) -> Iterator[tuple[str, datetime]]:
    yield "registered", record.registered_at
    yield "accepted", record.accepted_at or record.registered_at
    for name in _ORDER[2:]:
        moment = getattr(record, name)
        if moment is not None:
            yield name.removesuffix("_at"), moment


def build(
    batch: Batch, columns: dict[str, Any], draft: "Draft", checked: Checked, context: "Context", now: datetime
) -> None:
    """Rebuild the events of one order into `batch` and set the case's columns to where they lead."""
    record = draft.past
    assert record is not None
    doer = Doer(record.acceptor_id, record.taken_unit_id or draft.doer.unit_id, "import")
    asked = facts(columns, checked.category.code if checked.category else "", checked.flags, checked.level)
    opening: dict[str, Any] = {
        "number": columns["number"],
        "channel": columns["channel"],
        "source": [columns["source_system"], columns["source_number"]],
        "facts": asked,
        "text_digest": chain.digest_of(columns["content"], columns["demand"]),
    }
    if columns["area_id"] is not None:
        opening["area"] = columns["area_id"]
    if draft.doer.staff_id is not None:
        opening["imported_by"] = draft.doer.staff_id
    if record.due_at is not None:
        opening["due"] = record.due_at.astimezone(UTC).isoformat()
    moments = list(_moments(record))
    told = [
        (kind, at, opening if kind == "registered" else _payload(kind, record, checked, context))
        for kind, at in moments
    ]
    rows, last = event_rows(columns["id"], told, now, doer)
    batch.add(EVENTS, *rows)
    columns.update(last_hash=last, event_count=len(rows), version=len(rows), status=_STATUS[moments[-1][0]])
    _set_columns(columns, record)
    _set_limits(batch, columns, record, asked, moments, context)


def _payload(kind: str, record: Past, checked: Checked, context: "Context") -> dict[str, Any]:
    if kind == "dispatched":
        unit = context.units.units.get(record.holder_unit_id or 0)
        return {"unit": unit.id, "facts": {"unit": unit.id, "unit_kind": unit.kind}} if unit else {}
    if kind == "replied":
        return {"text": checked.reply, "final": True} if checked.reply else {"final": True}
    if kind == "revisited":
        told = {"reached": True, "satisfaction": record.satisfaction}
        return told if record.satisfaction is not None else {"reached": True}
    return {}


def _happened(
    record: Past, asked: dict[str, Any], moments: list[tuple[str, datetime]], context: "Context"
) -> list[Happened]:
    """The events as clocks hear them: from the dispatch on, the unit is known, as `sla.past` reads it from the chain."""
    facts, found = asked, []
    unit = context.units.units.get(record.holder_unit_id or 0)
    for kind, at in moments:
        if kind == "dispatched" and unit:
            facts = {**facts, "unit": unit.id, "unit_kind": unit.kind}
        found.append(Happened(kind, at, facts))
    return found


def _set_columns(columns: dict[str, Any], record: Past) -> None:
    dispatched = record.dispatched_at is not None
    columns.update(
        mode="history" if record.finished else "live",
        registered_by_id=record.acceptor_id,
        registered_unit_id=record.taken_unit_id or columns["registered_unit_id"],
        holder_unit_id=(record.holder_unit_id if dispatched else record.taken_unit_id) or columns["holder_unit_id"],
        accepted_at=record.accepted_at or record.registered_at,
        dispatched_at=record.dispatched_at,
        received_at=record.received_at,
        contacted_at=record.received_at,
        first_reply_at=record.replied_at,
        replied_at=record.replied_at,
        revisited_at=record.revisited_at,
        ended_at=record.closed_at,
        satisfaction=record.satisfaction,
        dispatch_count=int(dispatched),
        reply_count=int(record.replied_at is not None),
    )


def _set_limits(
    batch: Batch,
    columns: dict[str, Any],
    record: Past,
    asked: dict[str, Any],
    moments: list[tuple[str, datetime]],
    context: "Context",
) -> None:
    """Finished orders only get the limit they are measured against; open ones get their clocks as they stand by now."""
    if record.finished:
        limit = record.due_at
        if limit is None:
            limit = context.book.standing(context.book.started_by("registered", asked, record.registered_at)).limit_at
        columns.update(limit_at=limit, promised_at=limit)
        return
    clocks = context.book.replayed(_happened(record, asked, moments, context))
    batch.add(CLOCKS, *(clock.row(columns["id"], columns["area_id"]) for clock in clocks))
    standing = context.book.standing(clocks)
    limit = record.due_at or standing.limit_at
    columns.update(
        next_due_at=standing.due_at,
        next_due_policy=standing.policy,
        next_due_owner=standing.owner,
        paused=standing.paused,
        limit_at=limit,
        promised_at=limit,
    )
