"""Service requests and leads: list, one of them with its steps, Excel."""

from collections.abc import Iterator
from itertools import islice
from typing import Any

from django import forms
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.http import require_POST, require_safe

from bihuan.cases import access
from bihuan.cases.actions import Doer
from bihuan.cases.models import Case
from bihuan.customers import queries as customers
from bihuan.identity import roles
from bihuan.kernel.errors import NotFound, RuleError
from bihuan.requests import actions, queries, rules
from bihuan.requests.models import Kind, Request, State
from bihuan.web import chips
from bihuan.web.closing import workbook
from bihuan.web.closing.surveys import stretch
from bihuan.web.desk.names import Names
from bihuan.web.desk.widgets import PickerInput
from bihuan.web.masked import masked_text
from bihuan.web.setup.door import paged
from bihuan.web.viewers import needs, viewer

CHUNK = 1000


class StepForm(forms.Form):
    """One step: what happened, and what that step needs besides."""

    note = forms.CharField(
        label=gettext_lazy("情况"), required=False, max_length=2000, widget=forms.Textarea({"rows": 2})
    )
    unit = forms.IntegerField(label=gettext_lazy("转给哪个部门"), required=False, widget=PickerInput("units"))
    worth = forms.DecimalField(
        label=gettext_lazy("金额（元，可不填）"), required=False, min_value=0, max_digits=12, decimal_places=2
    )


def _wanted(request: HttpRequest) -> queries.Wanted:
    since, until = stretch(request)
    kind, state = request.GET.get("kind", ""), request.GET.get("state", "")
    return queries.Wanted(
        kind if kind in Kind.values else "", state if state in {*State.values, "unfinished"} else "",
        request.GET.get("number", "")[:40], since, until, mine=bool(request.GET.get("mine")),
    )  # fmt: skip


@needs(roles.READ)
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """Those in reach, the newest first, with their sums."""
    who, wanted = viewer(request), _wanted(request)
    found = queries.listing(who, wanted)
    page, sums = paged(request, found), queries.sums(found)
    context = {
        **page, "rows": _rows(page["rows"]), "wanted": wanted, "kinds": Kind.choices, "states": State.choices,
        "from": request.GET.get("from", "")[:10], "to": request.GET.get("to", "")[:10],
        "sums": [
            (pgettext("many", "服务请求"), sums.of("service")), (_("已办好"), sums.of("service", "done")),
            (_("商机"), sums.of("lead")), (_("已成交"), sums.of("lead", "won")), (_("未成交"), sums.of("lead", "lost")),
            (_("成交金额（元）"), f"{sums.worth:,.2f}"),
        ],
        "may_export": who.can(roles.EXPORT), "query": request.GET.urlencode(), "place": "requests",
    }  # fmt: skip
    return render(request, "closing/requests.html", context)


def _rows(found: list[Request]) -> list[dict[str, Any]]:
    names, masks = Names(), customers.masks_of(one.party_id for one in found)
    numbers = dict(Case.objects.filter(pk__in=[one.case_id for one in found]).values_list("id", "number"))
    return [
        {
            "asked": one, "case": numbers.get(one.case_id, ""), "unit": names.unit(one.unit_id),
            "owner": names.staff(one.owner_id), "wish": masked_text(one.wish, masks.get(one.party_id, {})),
            "result": masked_text(one.result, masks.get(one.party_id, {})),
            "chip": chips.time_chip(one.due_at) if one.ended_at is None and one.due_at else None,
            "customer": masks.get(one.party_id, {}).get("name") or masks.get(one.party_id, {}).get("phone", ""),
        }
        for one in found
    ]  # fmt: skip


@needs(roles.READ)
@require_safe
def one(request: HttpRequest, number: str) -> HttpResponse:
    """One of them: what is wanted, who has it, what may be done."""
    return _show(request, number)


def _show(request: HttpRequest, number: str, *, status: int = 200, **more: Any) -> HttpResponse:
    who = viewer(request)
    row, case = queries.access(who, number)
    context = {
        **_rows([row])[0], "number": row.number, "place": "requests", "form": StepForm(),
        "steps": rules.allowed(row.kind, row.state) if queries.works(who, row) else [],
        "sees_case": access.visible(who).filter(pk=case.pk).exists(), "made_by": Names().staff(row.made_by_id), **more,
    }  # fmt: skip
    return render(request, "closing/request.html", context, status=status)


@needs(roles.READ)
@require_POST
def step(request: HttpRequest, number: str, code: str) -> HttpResponse:
    """Take, pass on or end it."""
    who = viewer(request)
    form = StepForm(request.POST)
    if not form.is_valid():
        return _show(request, number, status=422, form=form)
    told = form.cleaned_data
    try:
        with transaction.atomic():
            row, case = queries.access(who, number, lock=True)
            actions.step(row, case, Doer.of(who), code, told["note"], unit_id=told["unit"], worth=told["worth"])
    except RuleError as refused:
        form.add_error(refused.field if refused.field in form.fields else None, str(refused.message))
        return _show(request, number, status=refused.status, form=form)
    still = queries.visible(who).filter(pk=row.pk).exists()
    return redirect("closing:request", row.number) if still else redirect("closing:requests")


@needs(roles.READ)
@require_safe
def of_case(request: HttpRequest, number: str) -> HttpResponse:
    """From a case to what it went on as."""
    row = queries.of_case(access.access_case(viewer(request), number).id)
    if row is None:
        raise NotFound("request")
    return redirect("closing:request", row.number)


@needs(roles.EXPORT)
@require_safe
def export(request: HttpRequest) -> HttpResponseBase:
    """The list as Excel, masked."""
    who = viewer(request)
    headings = [
        _("编号"), _("类型"), _("状态"), _("工单"), _("客户"), _("客户要什么"), _("部门"), _("办理人"), _("转出时间"),
        _("时限"), _("接手时间"), _("办结时间"), _("结果"), _("金额（元，可不填）"),
    ]  # fmt: skip
    found = queries.listing(who, _wanted(request))
    detail = {"subject": "requests", "query": request.GET.urlencode()[:200]}
    return workbook.answer(request, who, _("服务请求与商机"), headings, _cells(found), detail)


def _cells(found: Any) -> Iterator[list[Any]]:
    walk = found.iterator(chunk_size=CHUNK)
    while chunk := list(islice(walk, CHUNK)):
        for row in _rows(chunk):
            it = row["asked"]
            yield [
                it.number, it.get_kind_display(), it.get_state_display(), row["case"], row["customer"], row["wish"],
                row["unit"], row["owner"], it.made_at, it.due_at, it.taken_at, it.ended_at, row["result"],
                float(it.worth) if it.worth is not None else None,
            ]  # fmt: skip
