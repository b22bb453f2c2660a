"""The ledger over the API: a page of lines in order of registration; the last page carries the totals of what was read."""

from datetime import date
from typing import Annotated, Any

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from msgspec import Meta, Struct

from bihuan.api.v1.finding import key_of, read_key
from bihuan.api.v1.inputs import _In
from bihuan.api.v1.operation import Answer, Call, Operation
from bihuan.cases.days import BadDay, day_of
from bihuan.identity import roles
from bihuan.insight import ledger
from bihuan.insight.asking import OPERATOR
from bihuan.kernel.errors import RuleError


class LedgerOf(_In, rename={"from_": "from"}):
    """Which days of registration, both included, and which page."""

    from_: Annotated[str, Meta(max_length=10, description="First day, 2026-03-01")] = ""
    to: Annotated[str, Meta(max_length=10, description="Last day, included")] = ""
    after: Annotated[str, Meta(max_length=64, description="From the page before")] = ""
    limit: Annotated[int, Meta(ge=1, le=1000)] = 200


class Ledger(Struct, kw_only=True):
    """Lines as `bihuan ledger --json` writes them; `totals` are those of this page; `after` is empty on the last."""

    lines: list[dict[str, Any]]
    totals: dict[str, int]
    after: str | None


def _day(told: str, field: str) -> date | None:
    try:
        return day_of(told) if told else None
    except BadDay:
        raise RuleError("ledger.day", _now("日期请写成 2026-03-02。"), field=field) from None


def answer(call: Call) -> Answer:
    """`GET /ledger`: an auditor's token reads every line, another's those of its owner's cases. No content in any."""
    wanted: LedgerOf = call.query
    viewer = OPERATOR if call.viewer.can(roles.AUDIT) else call.viewer
    after = read_key(wanted.after) if wanted.after else None
    first, last = _day(wanted.from_, "from"), _day(wanted.to, "to")
    found = list(ledger.lines(viewer, first, last, after=after, limit=wanted.limit + 1))
    page, totals = found[: wanted.limit], ledger.Totals()
    for line in page:
        totals.add(line)
    key = page[-1].key if len(found) > wanted.limit else None
    return Answer(
        Ledger(
            lines=[ledger.plain(line) for line in page], totals=ledger.plain_totals(totals),
            after=key_of(*key) if key else None,
        )
    )  # fmt: skip


OPERATIONS = (
    Operation(
        "GET", "/ledger", "readLedger", "figures", _("台账：每件投诉一行，答复、回访、暂停、例外，不含内容"),
        (roles.AUDIT, roles.FIGURES), answer, Ledger, query=LedgerOf,
    ),
)  # fmt: skip
