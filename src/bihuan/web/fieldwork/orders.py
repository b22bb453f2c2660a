"""Repair orders: my own on a phone, the list with filters and Excel, one order with its steps."""

import uuid
from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from bihuan.cases.actions import Doer
from bihuan.customers import actions as customers
from bihuan.fieldwork import crews, lists, orders, queries
from bihuan.fieldwork import orders_queries as reading
from bihuan.fieldwork.models import Appointment, Order
from bihuan.fieldwork.orders_queries import Opened
from bihuan.fieldwork.orders_rules import OPEN, STATUSES
from bihuan.flow import repairs
from bihuan.identity import audit, roles
from bihuan.kernel import clock
from bihuan.kernel.errors import Forbidden, NotFound
from bihuan.web.desk import story
from bihuan.web.fieldwork import calendar, shell
from bihuan.web.fieldwork.order_forms import (
    BlockForm,
    CancelForm,
    DoneForm,
    FailForm,
    FilterForm,
    HandForm,
    MeasureForm,
    PressForm,
)
from bihuan.web.fieldwork.rows import rows_of
from bihuan.web.teamwork.shell import MOST_ROWS, taken, workbook

Act = Callable[[Opened, Doer, dict[str, Any]], object]


def _take(noun: str) -> Act:
    def act(found: Opened, doer: Doer, told: dict[str, Any]) -> object:
        return repairs.take(
            found.case, found.order, noun, doer, text=told.get("text", ""), before=told.get("before", ""),
            after=told.get("after", ""), key=told["key"], pressed=told["pressed"],
        )  # fmt: skip

    return act


def _measure(found: Opened, doer: Doer, told: dict[str, Any]) -> object:
    return orders.measure(found.case, found.order, doer, told["before"], told["after"], key=told["key"])


def _hand(found: Opened, doer: Doer, told: dict[str, Any]) -> object:
    return repairs.hand(found.case, found.order, doer, told["crew"], told["why"])


def _hinder(found: Opened, doer: Doer, told: dict[str, Any]) -> object:
    kind, _colon, reason = told["what"].partition(":")
    return lists.hinder(found.case, found.order, doer, kind, reason, told["expected"], told["note"])


STEPS: dict[str, tuple[Callable[..., forms.Form], Act, str | Promise]] = {
    "acceptance": (PressForm, _take("acceptance"), gettext_lazy("已接单")),
    "departure": (PressForm, _take("departure"), gettext_lazy("已出发")),
    "arrival": (PressForm, _take("arrival"), gettext_lazy("已到现场")),
    "completion": (DoneForm, _take("completion"), gettext_lazy("已修复，已告知工单处理人")),
    "failure": (FailForm, _take("failure"), gettext_lazy("已报告，已告知工单处理人")),
    "measurement": (MeasureForm, _measure, gettext_lazy("光功率已记录")),
    "obstacle": (BlockForm, _hinder, gettext_lazy("已列入管控清单")),
    "tier": (HandForm, _hand, gettext_lazy("已转出")),
    "cancellation": (CancelForm, _take("cancellation"), gettext_lazy("已撤销维修单")),
}
"""By the noun in the address."""
NEXT = {"sent": ("acceptance", "departure"), "accepted": ("departure", "arrival"), "on_way": ("arrival",)}
"""The big buttons in each state; on site it is the form."""


@login_required
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """What waits for this person today: orders by their term, and visits in order of time."""
    who = shell.entered(request, "mine")
    today = clock.now().astimezone().replace(hour=0, minute=0, second=0, microsecond=0)
    own = [crew for crew in crews.in_use() if who.staff_id in crew.member_ids]
    day = calendar.today_span()
    visits: list[Appointment] = [
        one
        for one in queries.between(own, *day)
        if one.staff_id in {None, who.staff_id} and one.status in queries.AHEAD
    ]
    context = {
        "rows": rows_of(who, reading.mine(who)), "done": rows_of(who, reading.done_since(who, min(today, day[0]))),
        "cards": calendar.cards_of(who, visits), "next": NEXT, "crews": own,
    }  # fmt: skip
    return shell.show(request, "fieldwork/mine.html", "mine", context)


def status_choices() -> list[tuple[str, Any]]:
    """What the list can be narrowed to."""
    return [("open", _("未办结")), ("late", _("已超期")), ("all", _("全部")), *STATUSES.items()]


@login_required
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """Orders in reach after filters, the newest first; the next page goes on from the last number."""
    who = shell.entered(request, "orders")
    told = {name: request.GET.get(name, "") for name in ("status", "crew", "tier", "area", "days")}
    told["status"] = told["status"] or "open"
    form = FilterForm(initial=told, seen=crews.seen_by(who), statuses=status_choices())
    after = request.GET.get("after", "")
    found = reading.listing(who, told)
    some = list((found.filter(pk__lt=int(after)) if after.isdigit() else found)[: reading.PAGE + 1])
    query = request.GET.copy()
    query["after"] = str(some[reading.PAGE - 1].pk) if len(some) > reading.PAGE else ""
    next_url = f"?{query.urlencode()}" if query["after"] else ""
    del query["after"]
    context = {
        "rows": rows_of(who, some[: reading.PAGE]), "form": form, "next_url": next_url, "query": query.urlencode(),
        "first_url": f"?{query.urlencode()}" if after else "", "may_export": who.can(roles.EXPORT), "summary": "",
    }  # fmt: skip
    return shell.show(request, "fieldwork/orders.html", "orders", context)


@login_required
@require_safe
def export(request: HttpRequest) -> HttpResponseBase:
    """The list as Excel, as it is filtered."""
    who = shell.entered(request, "orders")
    told = {name: request.GET.get(name, "") for name in ("status", "crew", "tier", "area", "days")}
    rows = rows_of(who, list(reading.listing(who, {**told, "status": told["status"] or "open"})[:MOST_ROWS]))
    headings = [
        _("维修单号"), _("工单编号"), _("状态"), _("班组"), _("支撑层级"), _("线务员"), _("产品或线路"), _("故障现象"), _("地区"),
        _("派出时间"), _("期限"), _("到达时间"), _("办结时间"), _("按时"), _("结果"), _("修前光功率"), _("修后光功率"),
    ]  # fmt: skip
    lines = (_line(one) for one in rows)
    return workbook(request, who, _("维修单"), headings, lines)


def _line(row: dict[str, Any]) -> list[Any]:
    one: Order = row["order"]
    kept = "" if one.ended_at is None else _("是") if one.ended_at <= one.due_at else _("否")
    return [
        one.pk, row["number"], one.get_status_display(), row["crew"], one.get_tier_display(), row["worker"], row["product"],
        row["fault"], row["place"], one.sent_at, one.due_at, one.arrived_at, one.ended_at, kept, row["result"], one.before_dbm,
        one.after_dbm,
    ]  # fmt: skip


@login_required
@require_safe
def page(request: HttpRequest, order_id: int) -> HttpResponse:
    """One order beside its case."""
    return _page(request, order_id)


def _page(
    request: HttpRequest, order_id: int, *, status: int = 200, failed: tuple[str, Any] | None = None, **more: Any
) -> HttpResponse:
    who = shell.entered(request, "orders")
    found = reading.access_order(who, order_id)
    order = found.order
    made = {
        noun: kind(case=found.case, order=order, initial={"key": uuid.uuid4().hex})
        for noun, (kind, _a, _d) in STEPS.items()
    }
    if failed is not None:
        made[failed[0]] = failed[1]
    context = {
        **story.of(who, found.case), "row": rows_of(who, [order])[0], "order": order, "crew": found.crew, "steps": made,
        "open": order.status in OPEN, "may_work": found.may_work, "may_direct": found.may_direct,
        "may_call": found.may_work and order.status in OPEN and who.can(roles.REVEAL), "next": NEXT.get(order.status, ()),
        "opened": failed[0] if failed else "", "blocks": list(order.blocks.all()), "order_with": lists.WITH_ORDER,
        "may_tier": order.status in OPEN and (found.may_work or found.may_direct), **more,
    }  # fmt: skip
    return shell.show(request, "fieldwork/order.html", "orders", context, status=status)


@login_required
@require_POST
def step(request: HttpRequest, order_id: int, noun: str) -> HttpResponse:
    """`POST /fieldwork/orders/<id>/<noun>/`; sent twice with the same key it counts once and answers the same."""
    who = shell.entered(request, "orders")
    if noun not in STEPS:
        raise NotFound("step")
    kind, act, done = STEPS[noun]
    seen = reading.access_order(who, order_id, noun)
    form = kind(request.POST, case=seen.case, order=seen.order)

    def do() -> None:
        with transaction.atomic():
            held = reading.access_order(who, order_id, noun, lock=True)
            act(held, Doer.of(who), form.cleaned_data)

    if not taken(form, do):
        return _page(request, order_id, status=422, failed=(noun, form))
    shell.tell(request, f"{done} ✓")
    return redirect(
        "fieldwork:mine" if request.POST.get("back") == "mine" else "fieldwork:order", *_back(request, order_id)
    )


def _back(request: HttpRequest, order_id: int) -> list[int]:
    return [] if request.POST.get("back") == "mine" else [order_id]


@login_required
@require_POST
def contact(request: HttpRequest, order_id: int) -> HttpResponse:
    """The customer's name, number and the fault's address for who works on an open order; the use register keeps it."""
    who = shell.entered(request, "orders")
    found = reading.access_order(who, order_id)
    order = found.order
    if not (found.may_work and order.status in OPEN and who.can(roles.REVEAL)):
        raise Forbidden(roles.REVEAL, _("只有正在办理这张维修单、且有明文查看权限的人可以查看联系方式。"))
    held = story.masks_for(found.case)
    fields = [one for one in ("name", "phone", "other_contact", order.place or "address") if one in held]
    values = customers.reveal(found.case.party_id, fields, who.staff_id, "visit", found.case.number) if fields else {}
    audit.record(
        "reveal", actor_id=who.staff_id, actor_name=who.name, subject=found.case.number,
        address=request.META.get("REMOTE_ADDR", ""), detail={"order": order.pk, "fields": fields, "purpose": "visit"},
    )  # fmt: skip
    opened = {
        "name": values.get("name", ""), "phone": values.get("phone") or values.get("other_contact", ""),
        "place": values.get(order.place or "address", ""),
    }  # fmt: skip
    answer = render(
        request, "fieldwork/contact.html", {"told": opened, "order": order, "row": rows_of(who, [order])[0]}
    )
    answer["Cache-Control"] = "no-store"
    return answer
