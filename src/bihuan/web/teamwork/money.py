"""My approvals, all sums in reach, what units gave by month; deciding, paying out, taking back."""

from datetime import timedelta
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from bihuan.cases.actions import Doer
from bihuan.cases.models import Case
from bihuan.compensation import actions, queries
from bihuan.compensation.models import Approval, Proposal
from bihuan.compensation.rules import KINDS
from bihuan.customers import queries as customers
from bihuan.flow import compensation as flow
from bihuan.identity import roles
from bihuan.identity.viewer import Viewer
from bihuan.kernel import clock
from bihuan.kernel.errors import RuleError
from bihuan.web import chips
from bihuan.web.desk.names import Names
from bihuan.web.masked import masked_text
from bihuan.web.setup.door import paged
from bihuan.web.teamwork import shell

SHOWN = {
    "mine": gettext_lazy("等我审批"),
    "all": gettext_lazy("全部申请"),
    "sums": gettext_lazy("各部门每月"),
}
_MONTHS = 400
"""Days that sums look back."""


@login_required
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """What waits for her decision; everything in reach; sums by month and unit."""
    return _page(request)


def _page(request: HttpRequest, *, status: int = 200, **more: Any) -> HttpResponse:
    who = shell.entered(request, "money")
    shown = request.GET.get("show", "mine" if who.can(roles.MONEY) else "all")
    shown = shown if shown in SHOWN else "all"
    context: dict[str, Any] = {
        "shown": shown, "views": SHOWN.items(), "may_export": who.can(roles.EXPORT), "may_pay": who.can(roles.MONEY), **more,
    }  # fmt: skip
    if shown == "mine":
        context["rungs"] = _rungs(list(queries.waiting(who)[:200]))
    elif shown == "sums":
        context["sums"] = sums_of(who)
    else:
        page = paged(request, queries.seen(who).prefetch_related("approvals"))
        context |= {**page, "rows": rows_of(who, page["rows"])}
    return shell.show(request, "teamwork/money.html", "money", context, status=status)


def rows_of(who: Viewer, found: list[Proposal]) -> list[dict[str, Any]]:
    """Proposals with everything a list shows."""
    cases, names = Case.objects.in_bulk({one.case_id for one in found}), Names()
    masks = customers.masks_of(case.party_id for case in cases.values())
    readable = shell.numbers(who, cases.values())
    return [
        {
            "proposal": one,
            "case": cases[one.case_id],
            "readable": one.case_id in readable,
            "unit": names.unit(one.unit_id),
            "by": names.staff(one.proposed_by_id),
            "reason": masked_text(one.reason, masks.get(cases[one.case_id].party_id, {})),
            "feasibility": masked_text(one.feasibility, masks.get(cases[one.case_id].party_id, {})),
            "rungs": told_rungs(one, names),
        }
        for one in found
    ]


def told_rungs(one: Proposal, names: Names) -> list[dict[str, Any]]:
    """The chain of one proposal: who, and what she said."""
    return [
        {"rung": rung, "who": names.staff(rung.decided_by_id or rung.staff_id), "waiting": bool(rung.asked_at)}
        for rung in one.approvals.all()
    ]


def _rungs(found: list[Approval]) -> list[dict[str, Any]]:
    proposals = [rung.proposal for rung in found]
    cases, names = Case.objects.in_bulk({one.case_id for one in proposals}), Names()
    masks = customers.masks_of(case.party_id for case in cases.values())
    return [
        {
            "rung": rung,
            "proposal": rung.proposal,
            "case": cases[rung.proposal.case_id],
            "unit": names.unit(rung.proposal.unit_id),
            "by": names.staff(rung.proposal.proposed_by_id),
            "instead": names.staff(rung.staff_id),
            "reason": masked_text(rung.proposal.reason, masks.get(cases[rung.proposal.case_id].party_id, {})),
            "feasibility": masked_text(rung.proposal.feasibility, masks.get(cases[rung.proposal.case_id].party_id, {})),
            "chip": chips.time_chip(rung.due_at, name=_("审批期限"), warn_at=clock.now() + timedelta(hours=4)),
        }
        for rung in found
    ]


def sums_of(who: Viewer) -> list[dict[str, Any]]:
    """By month, unit and kind, with words."""
    names = Names()
    found = queries.sums(who, clock.ago(days=_MONTHS), clock.now() + timedelta(seconds=1))
    return [{**row, "unit": names.unit(row["unit"]), "kind": KINDS[row["kind"]]} for row in found]


def _done(request: HttpRequest, act: Any, word: str) -> HttpResponse:
    try:
        with transaction.atomic():
            act()
    except RuleError as refused:
        if refused.status in {403, 404}:
            raise
        return _page(request, status=refused.status, refused=_(str(refused.message)))
    shell.tell(request, word)
    back = str(request.POST.get("back", ""))
    return redirect(back if back.startswith("/cases/") else "teamwork:money")


@login_required
@require_POST
def decision(request: HttpRequest, approval_id: int) -> HttpResponse:
    """`POST /teamwork/money/approvals/<id>/`: `approved` 1 or 0, `why`."""
    who = shell.entered(request, "money")
    approved = request.POST.get("approved") == "1"

    def act() -> None:
        case, rung = queries.access_approval(who, approval_id)
        flow.decide(case, rung, Doer.of(who), approved, request.POST.get("why", ""))

    return _done(request, act, _("已批准。") if approved else _("已退回，没有批准。"))


@login_required
@require_POST
def payment(request: HttpRequest, proposal_id: int) -> HttpResponse:
    """`POST /teamwork/money/<id>/payment/`: paid out, with its `reference`."""
    who = shell.entered(request, "money")

    def act() -> None:
        case, proposal = queries.access_proposal(who, proposal_id, roles.MONEY)
        actions.pay(case, proposal, Doer.of(who), request.POST.get("reference", ""))

    return _done(request, act, _("已记为兑付。"))


@login_required
@require_POST
def reversal(request: HttpRequest, proposal_id: int) -> HttpResponse:
    """`POST /teamwork/money/<id>/reversal/`: taken back, with the reason `why`."""
    who = shell.entered(request, "money")

    def act() -> None:
        case, proposal = queries.access_proposal(who, proposal_id, roles.MONEY)
        actions.reverse(case, proposal, Doer.of(who), request.POST.get("why", ""))

    return _done(request, act, _("已冲回。"))


@login_required
@require_safe
def export(request: HttpRequest) -> HttpResponseBase:
    """All proposals in reach as Excel."""
    who = shell.entered(request, "money")
    rows = rows_of(who, list(queries.seen(who).prefetch_related("approvals")[: shell.MOST_ROWS]))
    headings = [
        _("工单编号"), _("给什么"), _("金额（元）"), _("状态"), _("为什么要给"), _("可行性说明"), _("部门"), _("补偿提出人"),
        _("提出时间"), _("批准时间"), _("兑付时间"), _("凭证号"),
    ]  # fmt: skip
    lines = (
        [
            row["case"].number, row["proposal"].get_kind_display(), row["proposal"].amount,
            row["proposal"].get_status_display(), row["reason"], row["feasibility"], row["unit"], row["by"],
            row["proposal"].proposed_at, row["proposal"].decided_at, row["proposal"].paid_at, row["proposal"].reference,
        ]
        for row in rows
    )  # fmt: skip
    return shell.workbook(request, who, _("补偿"), headings, lines)
