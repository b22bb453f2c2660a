"""The rows one complaint becomes."""

from datetime import datetime
from typing import Any

from bihuan.cases import chain
from bihuan.cases.actions import EVENTS, event_row
from bihuan.cases.numbers import number_of
from bihuan.cases.priority import priority_of
from bihuan.customers import vault
from bihuan.customers.vault import PARTIES
from bihuan.intake import past
from bihuan.intake.batch import ANSWERED, MESSAGES, UNITS, Batch
from bihuan.intake.context import Context
from bihuan.intake.messages import receipt_text
from bihuan.intake.prepare import Checked, facts
from bihuan.intake.schema import Registered
from bihuan.intake.work import Work
from bihuan.kernel.bulk import array_text
from bihuan.sla.models import CLOCKS


def build(batch: Batch, item: Work, context: Context, now: datetime) -> Registered:
    """All rows of one complaint."""
    checked, draft = item.checked, item.draft
    columns = _columns(item, context, now)
    if draft.past is not None:
        past.build(batch, columns, draft, checked, context, now)
    else:
        _build_live(batch, columns, item, context, now)
    assert item.party is not None
    batch.add(PARTIES, item.party.row)
    columns["category_path"] = array_text(columns["category_path"])
    columns["flags"] = array_text(checked.flags)
    columns["extra"] = chain.text(columns["extra"])
    batch.add_case(columns)
    for unit_id in {columns["holder_unit_id"], columns["registered_unit_id"]} - {None}:
        # one row a unit, even where the first taker was the holder too: a unit and a case meet only once
        passed_on = columns.get("dispatched_at") if unit_id != columns["registered_unit_id"] else None
        batch.add(UNITS, (unit_id, item.case_id, passed_on or columns["registered_at"]))
    if draft.key:
        batch.add(ANSWERED, (draft.token_id, draft.key, draft.body_digest, item.case_id, now))
    return Registered(
        number=columns["number"],
        status=columns["status"],
        registered_at=columns["registered_at"],
        promised_at=columns["promised_at"],
        repeat_of=item.repeat.told(draft.reader) if item.repeat else None,
    )


def _columns(item: Work, context: Context, now: datetime) -> dict[str, Any]:
    checked, draft = item.checked, item.draft
    registered_at = draft.past.registered_at if draft.past else now
    home = context.home(checked.areas)
    columns = {"status": "registered", **checked.columns}
    columns.update(
        id=item.case_id,
        number=number_of(item.case_id, registered_at),
        party_id=item.case_id,
        customer_level=checked.level,
        registered_at=registered_at,
        registered_by_id=draft.doer.staff_id,
        registered_unit_id=draft.doer.unit_id if draft.own else home,
        holder_unit_id=draft.doer.unit_id if draft.own else home,
        repeat_of_id=item.repeat.id if item.repeat else None,
        priority=priority_of(
            columns["urgency"], columns["impact"], columns["complexity"], checked.level, checked.flags
        ),
    )
    return columns


def opening_payload(columns: dict[str, Any], checked: Checked, repeat_of: str | None) -> dict[str, Any]:
    """What the first event says, with a digest of the words so that an edited text is found too."""
    return {
        "number": columns["number"],
        "channel": columns["channel"],
        "source": [columns["source_system"], columns["source_number"]],
        "facts": facts(columns, checked.category.code if checked.category else "", checked.flags, checked.level),
        "area": columns["area_id"],
        "priority": columns["priority"],
        "suggested": [columns["suggested_category_id"], repr(columns["suggested_score"])],
        "repeat_of": repeat_of,
        "text_digest": chain.digest_of(columns["content"], columns["demand"]),
    }


def _build_live(batch: Batch, columns: dict[str, Any], item: Work, context: Context, now: datetime) -> None:
    """First event, running clocks, and the message that tells number and promised date."""
    checked, draft = item.checked, item.draft
    payload = opening_payload(columns, checked, item.repeat.number if item.repeat else None)
    started = context.book.started_by("registered", payload["facts"], now)
    batch.add(CLOCKS, *(new.row(item.case_id, columns["area_id"]) for new in started))
    standing = context.book.standing(started)
    columns.update(
        next_due_at=standing.due_at,
        next_due_policy=standing.policy,
        next_due_owner=standing.owner,
        limit_at=standing.limit_at,
        promised_at=standing.limit_at,
        paused=standing.paused,
    )
    row, digest = event_row(chain.START, item.case_id, 1, "registered", now, now, draft.doer, "", payload)
    batch.add(EVENTS, row)
    columns["last_hash"] = digest
    text = receipt_text(columns["number"], columns["promised_at"])
    key_id, body = vault.seal_text(text, str(item.case_id))
    field = "phone" if checked.fields["phone"] else "other_contact"
    medium = "email" if "@" in checked.fields[field] else "sms"
    batch.add(MESSAGES, (now, medium, "receipt", item.case_id, item.case_id, field, key_id, body, 0, now, ""))
