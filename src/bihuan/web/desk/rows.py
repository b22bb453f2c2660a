"""What one line of a list says about a case. Everything a page of rows needs is fetched together."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from bihuan.cases.models import Case
from bihuan.customers import queries as customers
from bihuan.customers.parts import PARTIAL
from bihuan.handling import confirming
from bihuan.kernel import clock
from bihuan.sla import queries as sla
from bihuan.web import chips
from bihuan.web.chips import TimeChip
from bihuan.web.desk.names import Names, either
from bihuan.web.masked import masked_text

TEXT = 160
"""Characters of the complaint a row carries; two lines show less."""
REGULATOR_NEAR = timedelta(days=5)
"""The law's fifteen days run on nearly every case; a row speaks of them when they begin to press."""


@dataclass(frozen=True)
class Row:
    """One case in a list. `near` is the district alone, for those who know their city; `marks` are (code, icon, number, word)
    of chasers, returns, repeats and reopenings."""

    case: Case
    number: str
    customer: str
    place: str
    near: str
    category: str
    text: str
    chip: TimeChip | None
    regulator: TimeChip | None
    holder: str
    marks: list[tuple[str, str, int, str]]
    priority: str
    urgency: str | Promise
    masks: dict[str, str] = field(default_factory=dict)

    @property
    def numbers(self) -> list[str]:
        """Her numbers, masked: for a list of those that a part of a number led to."""
        return list(dict.fromkeys(self.masks[told] for told in PARTIAL if told in self.masks))


def rows_of(cases: Sequence[Case], names: Names | None = None) -> list[Row]:
    """Rows of these cases in their order: two statements (masks, clocks) however many."""
    names = names or Names()
    now = clock.now()
    masks = customers.masks_of(case.party_id for case in cases)
    limits = sla.chips([case.id for case in cases if case.ended_at is None], now)
    return [_row(case, masks.get(case.party_id, {}), limits.get(case.id), names, now) for case in cases]


def _row(case: Case, masks: dict[str, str], limit: sla.Chip | None, names: Names, now: datetime) -> Row:
    return Row(
        case=case,
        number=case.number,
        masks=masks,
        customer=masks.get("name") or masks.get("phone") or masks.get("complained_number", ""),
        place=names.place(case),
        near=names.area(case.district_id) or names.place(case),
        category=names.node(case.category_id or case.suggested_category_id),
        text=masked_text(case.content[:TEXT], masks),
        chip=chip_of(limit, now),
        regulator=_regulator(limit, now),
        holder=names.staff(case.handler_id) or names.unit(case.holder_unit_id),
        marks=_marks(case),
        priority=_("优先级 %(level)s") % {"level": case.priority},
        urgency=case.get_urgency_display() if case.urgency >= 3 else "",
    )


def chip_of(limit: sla.Chip | None, now: datetime) -> TimeChip | None:
    """The nearest limit as a chip of the house."""
    if limit is None:
        return None
    name = either(limit.policy.name, limit.policy.name_en)
    if limit.tone == "paused" or limit.due_at is None:
        return chips.time_chip(None, name=name, paused=True)
    return chips.time_chip(limit.due_at, name=name, warn_at=now if limit.tone == "soon" else None)


def _regulator(limit: sla.Chip | None, now: datetime) -> TimeChip | None:
    """The regulator's own limit once it comes near, unless it is the nearest anyway."""
    if limit is None or limit.regulator_at is None or limit.policy.owner == "regulator":
        return None
    if limit.regulator_at - now > REGULATOR_NEAR:
        return None
    return chips.time_chip(limit.regulator_at)


def _marks(case: Case) -> list[tuple[str, str, int, str]]:
    found = []
    if case.chaser_count:
        found.append(("chaser", "bell", case.chaser_count, _("催办")))
    if case.return_count:
        found.append(("return", "arrow-back-up", case.return_count, _("退单")))
    if case.reopen_count:
        found.append(("reopen", "refresh", case.reopen_count, _("重新处理")))
    if "supervised" in case.flags:
        found.append(("supervised", "flag", 1, _("在督办")))
    if confirming.LATE in case.flags:
        found.append(("unconfirmed", "message", 1, _("答复逾期未确认")))
    elif confirming.AWAITED in case.flags:
        found.append(("unconfirmed", "message", 1, _("答复待确认")))
    if case.repeat_of_id:
        found.append(("repeat", "repeat", 1, _("重复投诉")))
    return found
