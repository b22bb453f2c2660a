"""Budgets of units by month: found, held back, used, given back, set. Every change locks the budget's row first."""

from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from bihuan.cases.days import local_day
from bihuan.compensation.models import Budget, Limit, Proposal
from bihuan.compensation.rules import MOST, left, money
from bihuan.identity import roles
from bihuan.identity.book import units
from bihuan.kernel import clock
from bihuan.kernel.errors import Conflict, RuleError
from bihuan.kernel.history import edited_by


def this_month() -> date:
    """The first day of the running month."""
    return local_day(clock.now()).replace(day=1)


def of_unit(unit_id: int) -> Budget | None:
    """The budget a unit draws on this month: its own, else the nearest above."""
    unit = units().units.get(unit_id)
    path = list(unit.path) if unit else []
    found = {one.unit_id: one for one in Budget.objects.filter(unit_id__in=path, month=this_month())}
    return next((found[step] for step in reversed(path) if step in found), None)


def reserve(unit_id: int, amount: Decimal) -> Budget:
    """Hold an amount back for a proposal; `Conflict` when not so much is left. For the caller's transaction."""
    budget = of_unit(unit_id)
    if budget is None:
        raise RuleError("budget.none", _("本部门本月没有预算，请业务管理员先设置。"), field="amount")
    budget = Budget.objects.select_for_update().get(pk=budget.pk)
    rest = left(budget.amount, budget.reserved, budget.used)
    if amount > rest:
        raise Conflict(
            "budget.over", _("本月预算只剩 %(left)s 元。") % {"left": rest}, field="amount", data={"left": str(rest)}
        )
    budget.reserved += amount
    budget.save(update_fields=["reserved"])
    return budget


def use(proposal: Proposal) -> None:
    """What was held back is spent."""
    budget = Budget.objects.select_for_update().get(pk=proposal.budget_id)
    budget.reserved -= proposal.amount
    budget.used += proposal.amount
    budget.save(update_fields=["reserved", "used"])


def give_back(proposal: Proposal, *, paid: bool = False) -> None:
    """What was held back, or with `paid` what was spent and came back, is free again."""
    budget = Budget.objects.select_for_update().get(pk=proposal.budget_id)
    if paid:
        budget.used -= proposal.amount
    else:
        budget.reserved -= proposal.amount
    budget.save(update_fields=["reserved", "used"])


@transaction.atomic
def set_budget(unit_id: int, month: date, told: str) -> Budget:
    """Give a unit so much for a month; never less than is held back and used already."""
    if unit_id not in units().units:
        raise RuleError("budget.unit", _("请从列表中选择部门。"), field="unit")
    amount, first = money(told, zero=True), month.replace(day=1)
    budget, made = Budget.objects.select_for_update().get_or_create(
        unit_id=unit_id, month=first, defaults={"amount": amount}
    )
    if not made:
        if amount < budget.reserved + budget.used:
            raise RuleError(
                "budget.below", _("已占用和已用 %(sum)s 元，预算不能低于它。") % {"sum": budget.reserved + budget.used},
                field="amount",
            )  # fmt: skip
        budget.amount = amount
        budget.save(update_fields=["amount"])
    return budget


def set_limit(role: str, told: str, by: int | None) -> Limit:
    """How much a role may grant alone from now on; running approvals stay as they are."""
    amount = money(told, zero=True)
    if role not in roles.ROLES or amount > MOST:
        raise RuleError("limit.role", _("请从列表中选择角色。"), field="role")
    with edited_by(by):
        row, _made = Limit.objects.update_or_create(role=role, defaults={"amount": amount})
        return row
