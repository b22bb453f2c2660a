"""What is there already: answered keys, registered source numbers, earlier complaints of the same line."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from bihuan.cases.access import Lie
from bihuan.intake.context import Context
from bihuan.intake.schema import Registered
from bihuan.intake.work import Earlier, Rows, Statement, Work
from bihuan.kernel.errors import Conflict, RuleError


def repeat_days(context: Context) -> int:
    return int(context.catalog.parameters.get("repeat_days", 30))


FROM_ABOVE = frozenset({"regulator", "urgent"})
ABOVE_LEVEL = "above_level"


def known(work: dict[int, Work]) -> Statement:
    """Which of these keys and source numbers were answered before: one row each, ending in the case whose number the
    answer may name (what a complaint of this key repeats; what holds this source number)."""
    keyed = [(place, item) for place, item in work.items() if item.draft.key]
    numbered = [(place, item) for place, item in work.items() if item.checked.columns["source_number"]]
    return (
        "SELECT u.place, 'key', c.number, c.status, c.registered_at, c.promised_at, a.body_digest, r.id, r.number,"
        f" {Lie.sql('r')}"
        " FROM unnest(%s::int[], %s::bigint[], %s::text[]) AS u (place, token_id, key)"
        " JOIN intake_answered a ON a.token_id = u.token_id AND a.key = u.key JOIN cases_case c ON c.id = a.case_id"
        " LEFT JOIN cases_case r ON r.id = c.repeat_of_id"
        " WHERE u.key <> '' UNION ALL"
        f" SELECT u.place, 'source', c.number, c.status, c.registered_at, c.promised_at, NULL, c.id, c.number,"
        f" {Lie.sql('c')}"
        " FROM unnest(%s::int[], %s::text[], %s::text[]) AS u (place, system, number)"
        " JOIN cases_case c ON c.source_system = u.system AND c.source_number = u.number AND c.source_number <> ''"
        " WHERE u.number <> ''",
        [
            [place for place, _item in keyed],
            [item.draft.token_id or 0 for _place, item in keyed],
            [item.draft.key for _place, item in keyed],
            [place for place, _item in numbered],
            [item.checked.columns["source_system"] for _place, item in numbered],
            [item.checked.columns["source_number"] for _place, item in numbered],
        ],
    )


def answer_known(work: dict[int, Work], answers: list[Any], rows: Rows) -> None:
    """Take out what is there already: a repeated key gets its first answer, a repeated source number a conflict."""
    for place, how, number, status, registered_at, promised_at, digest, *before in sorted(rows, key=lambda row: row[1]):
        item = work.pop(place, None)
        if item is None:
            continue
        named = _earlier(before).told(item.draft.reader) if before[0] else None
        if how == "source":
            answers[place] = _source_exists(named)
        elif bytes(digest) != item.draft.body_digest:
            answers[place] = _key_reused()
        else:
            answers[place] = Registered(
                number=number,
                status=status,
                registered_at=registered_at,
                promised_at=promised_at,
                repeat_of=named,
            )
    _refuse_twins(work, answers)


def _earlier(columns: Sequence[Any]) -> Earlier:
    case_id, number, *lie = columns
    return Earlier(case_id, number, Lie.read(lie))


def _refuse_twins(work: dict[int, Work], answers: list[Any]) -> None:
    """The same source number or key twice in one batch: the first is registered, the others are told to ask again."""
    seen: set[tuple[Any, ...]] = set()
    for place, item in list(work.items()):
        columns, draft = item.checked.columns, item.draft
        names = []
        if columns["source_number"]:
            names.append(("source", columns["source_system"], columns["source_number"]))
        if draft.key:
            names.append(("key", draft.token_id, draft.key))
        if any(name in seen for name in names):
            answers[place] = RuleError(
                "complaint.twin", _("同一请求正在办理，请稍候用同一个键重试。"), status=409, field="source_number"
            )
            del work[place]
        seen.update(names)


def _source_exists(number: str | None) -> Conflict:
    if number is None:
        told = _("这个来源单号已经登记过，但工单不在您的可见范围内；请联系登记它的部门。")
        return Conflict("complaint.source_exists", told, field="source_number")
    told = _("这个来源单号已经登记过，工单号 %(number)s；请改用该工单办理。") % {"number": number}
    return Conflict("complaint.source_exists", told, field="source_number", data={"number": number})


def _key_reused() -> Conflict:
    return Conflict(
        "idempotency.key_reused",
        _("这个 Idempotency-Key 已用于另一份内容；请为新的投诉换一个键。"),
        field="Idempotency-Key",
    )


def linkable(item: Work) -> bool:
    """Whether a line or an identity can lead to earlier complaints."""
    return item.party is not None and bool(item.party.line_index or item.party.identity_index)


def earlier(lines: list[Work], now: datetime, span: timedelta) -> Statement:
    """Earlier cases of the same lines and, where she named it, of the same identity over whatever line. A case and its
    party share the id, so the vault's indexes, which hold the id too, lead to the newest cases.

    Earlier than the complaint itself: an order taken over from another system was registered before now.
    """
    parts, values = [], []
    for column in ("line_index", "identity_index"):
        those = [item for item in lines if item.party and getattr(item.party, column)]
        # OFFSET 0 keeps the conditions on the case away from its index over time: on tables that were not analysed yet
        # it looks cheaper than five steps along the key, and reads every case of the span for each batch
        parts.append(
            f"SELECT u.id, c.category_id, c.suggested_category_id, c.id, c.number, {Lie.sql('c')}"
            " FROM unnest(%s::bigint[], %s::bytea[], %s::timestamptz[]) AS u (id, sought, at) CROSS JOIN LATERAL"
            f" (SELECT p.id FROM customers_party p WHERE p.{column} = u.sought ORDER BY p.id DESC LIMIT 5) p"
            " CROSS JOIN LATERAL (SELECT * FROM cases_case WHERE id = p.id OFFSET 0) c"
            " WHERE c.registered_at BETWEEN u.at - %s AND u.at"
            " AND c.status NOT IN ('merged', 'withdrawn', 'converted')"
        )
        values += [
            [item.case_id for item in those],
            [getattr(item.party, column) for item in those],
            [item.draft.past.registered_at if item.draft.past else now for item in those],
            span,
        ]
    return " UNION ALL ".join(parts), values


def _cause_group(context: Context, category_id: int | None) -> int | None:
    """The second level of the phenomenon tree: what counts as the same cause for a repeat."""
    node = context.catalog.nodes.get(category_id) if category_id else None
    return (node.path[1] if len(node.path) > 1 else node.path[0]) if node else None


def link_repeats(lines: list[Work], rows: Rows, context: Context) -> None:
    """Mark as a repeat what the same line or customer complained about, of the same cause, within the days set.

    One that came from above (a regulator, a leader) after an earlier complaint of the line climbed over a level (越级).
    """
    earlier: dict[int, list[tuple[int | None, Sequence[Any]]]] = {}
    for new_id, category_id, suggested_id, *case in rows:
        earlier.setdefault(new_id, []).append((_cause_group(context, category_id or suggested_id), case))
    for item in lines:
        mine = item.checked.columns["category_id"] or item.checked.columns["suggested_category_id"]
        group = _cause_group(context, mine)
        if item.case_id in earlier and item.checked.columns["channel"] in FROM_ABOVE:
            item.checked.flags.append(ABOVE_LEVEL)
        alike = [case for cause, case in earlier.get(item.case_id, []) if group is not None and cause == group]
        if alike:
            item.repeat = _earlier(max(alike, key=lambda case: case[0]))
