"""The control lists: obstacles, missing resources, and lines with too weak light; each with Excel."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from bihuan.cases.actions import Doer
from bihuan.fieldwork import crews, lists
from bihuan.fieldwork import orders_queries as reading
from bihuan.fieldwork.models import Block, WeakLine
from bihuan.fieldwork.orders_rules import BLOCKS, CLEANUP, REASONS
from bihuan.identity import roles
from bihuan.identity.viewer import Viewer
from bihuan.kernel import clock
from bihuan.kernel.errors import NotFound
from bihuan.web.desk.names import Names, either
from bihuan.web.fieldwork import shell
from bihuan.web.fieldwork.order_forms import CleanForm, FreeForm, LimitsForm
from bihuan.web.fieldwork.rows import rows_of
from bihuan.web.masked import masked_text
from bihuan.web.setup.door import paged
from bihuan.web.teamwork.shell import MOST_ROWS, taken, workbook


@login_required
@require_safe
def blocks(request: HttpRequest) -> HttpResponse:
    """What hinders orders: obstacles or missing resources; open, or freed."""
    who = shell.entered(request, "blocks")
    kind, ended = _kind(request), request.GET.get("show") == "ended"
    page = paged(request, reading.blocks(who, kind, ended=ended))
    context = {
        **page,
        "rows": block_rows(who, page["rows"]),
        "kind": kind,
        "kinds": BLOCKS.items(),
        "ended": ended,
        "may_export": who.can(roles.EXPORT),
        "free_form": FreeForm(),
    }
    return shell.show(request, "fieldwork/blocks.html", "blocks", context)


def _kind(request: HttpRequest) -> str:
    kind = request.GET.get("kind", "obstacle")
    return kind if kind in BLOCKS else "obstacle"


def block_rows(who: Viewer, some: list[Block]) -> list[dict[str, Any]]:
    """Rows with their orders, words and whether the day expected has passed."""
    today = timezone.localtime(clock.now()).date()
    rows = {one["order"].pk: one for one in rows_of(who, [block.order for block in some])}
    found = []
    for one in some:
        row = rows[one.order_id]
        masks = _masks(row)
        found.append(
            {
                **row,
                "block": one,
                "reason": REASONS[one.kind].get(one.reason, one.reason),
                "note": masked_text(one.note, masks),
                "late": one.ended_at is None and one.expected < today,
                "outcome": _("随维修单结束") if one.outcome == lists.WITH_ORDER else masked_text(one.outcome, masks),
            }
        )
    return found


def _masks(row: dict[str, Any]) -> dict[str, str]:
    from bihuan.customers import queries as customers

    return customers.masks_of([row["case"].party_id]).get(row["case"].party_id, {})


@login_required
@require_POST
def free(request: HttpRequest, block_id: int) -> HttpResponse:
    """`POST /fieldwork/blocks/<id>/release/`: by the crew, or by who has the case in hand."""
    who = shell.entered(request, "blocks")
    block = Block.objects.filter(pk=block_id).first()
    if block is None:
        raise NotFound("block")
    form = FreeForm(request.POST)

    def do() -> None:
        with transaction.atomic():
            held = reading.access_order(who, block.order_id, "tier", lock=True)
            lists.free(
                held.case,
                Block.objects.select_for_update().get(pk=block_id),
                Doer.of(who),
                form.cleaned_data["outcome"],
            )

    reading.access_order(who, block.order_id, "tier")
    done = taken(form, do)
    shell.tell(request, _("已解除。") if done else _refused(form))
    return redirect("fieldwork:order", block.order_id)


def _refused(form: Any) -> str:
    return " ".join(str(error) for errors in form.errors.values() for error in errors)


@login_required
@require_safe
def blocks_export(request: HttpRequest) -> HttpResponseBase:
    """The control list as Excel."""
    who = shell.entered(request, "blocks")
    kind, ended = _kind(request), request.GET.get("show") == "ended"
    rows = block_rows(who, list(reading.blocks(who, kind, ended=ended)[:MOST_ROWS]))
    headings = [
        _("清单"),
        _("工单编号"),
        _("维修单号"),
        _("班组"),
        _("地区"),
        _("原因"),
        _("说明"),
        _("列入时间"),
        _("预计解除"),
        _("解除时间"),
        _("怎样解除的"),
    ]
    lines = (
        [
            str(BLOCKS[kind]),
            one["number"],
            one["order"].pk,
            one["crew"],
            one["place"],
            str(one["reason"]),
            one["note"],
            one["block"].begun_at,
            one["block"].expected.isoformat(),
            one["block"].ended_at,
            one["outcome"],
        ]
        for one in rows
    )
    return workbook(request, who, str(BLOCKS[kind]), headings, lines)


@login_required
@require_safe
def light(request: HttpRequest) -> HttpResponse:
    """Lines with too weak light, by state and crew; how many each area has."""
    return _light(request)


def _light(request: HttpRequest, *, form: Any = None, status: int = 200) -> HttpResponse:
    who = shell.entered(request, "light")
    told = {name: request.GET.get(name, "") for name in ("status", "crew")}
    page = paged(request, reading.weak_lines(who, told))
    low, high = lists.limits()
    context = {
        **page,
        "rows": light_rows(who, page["rows"]),
        "told": told,
        "statuses": [("", _("待整治和已排期")), *CLEANUP.items(), ("all", _("全部"))],
        "crews": [(str(one.pk), either(one.name, one.name_en)) for one in crews.seen_by(who)],
        "low": low,
        "high": high,
        "may_export": who.can(roles.EXPORT),
        "may_set": who.can(roles.SETUP),
        "may_open": who.can(roles.HANDLE),
        "clean_form": CleanForm(),
        "areas": _by_area(who),
        "limits_form": form or LimitsForm(initial={"lowest": low, "highest": high}),
    }
    return shell.show(request, "fieldwork/light.html", "light", context, status=status)


def _by_area(who: Viewer) -> list[tuple[str, int]]:
    from django.db.models import Count

    names = Names()
    found = reading.weak_lines(who, {}).order_by().values("area_id").annotate(number=Count("id"))
    rows = [(names.area(one["area_id"]) or _("地区未填"), one["number"]) for one in found]
    return sorted(rows, key=lambda one: -one[1])


def light_rows(who: Viewer, some: list[WeakLine]) -> list[dict[str, Any]]:
    """Rows with their orders, and whether this reader may change them."""
    rows = {one["order"].pk: one for one in rows_of(who, [line.order for line in some])}
    mine = {crew.pk for crew in crews.in_use() if crews.works_for(who, crew)}
    return [{**rows[one.order_id], "line": one, "may": one.crew_id in mine} for one in some]


@login_required
@require_POST
def clean(request: HttpRequest, line_id: int) -> HttpResponse:
    """`POST /fieldwork/light/<id>/state/`."""
    who = shell.entered(request, "light")
    line = WeakLine.objects.filter(pk=line_id).first()
    if line is None:
        raise NotFound("light")
    form = CleanForm(request.POST)

    def do() -> None:
        told = form.cleaned_data
        with transaction.atomic():
            held = reading.access_order(who, line.order_id, "tier", lock=True)
            lists.clean_up(
                held.case,
                WeakLine.objects.select_for_update().get(pk=line_id),
                Doer.of(who),
                told["status"],
                planned=told["planned"],
                measured=told["measured"],
                note=told["note"],
            )

    reading.access_order(who, line.order_id, "tier")
    shell.tell(request, _("整治清单已更新。") if taken(form, do) else _refused(form))
    return redirect("fieldwork:light")


@login_required
@require_POST
def limits(request: HttpRequest) -> HttpResponse:
    """Between which powers a line is good."""
    who = shell.entered(request, "light")
    form = LimitsForm(request.POST)
    if not taken(form, lambda: lists.set_limits(form.cleaned_data["lowest"], form.cleaned_data["highest"], who)):
        return _light(request, form=form, status=422)
    shell.tell(request, _("光功率限值已保存。"))
    return redirect("fieldwork:light")


@login_required
@require_safe
def light_export(request: HttpRequest) -> HttpResponseBase:
    """The clean-up list as Excel."""
    who = shell.entered(request, "light")
    told = {name: request.GET.get(name, "") for name in ("status", "crew")}
    rows = light_rows(who, list(reading.weak_lines(who, told)[:MOST_ROWS]))
    headings = [
        _("工单编号"),
        _("班组"),
        _("地区"),
        _("产品或线路"),
        _("整治状态"),
        _("发现时光功率"),
        _("现在光功率"),
        _("发现时间"),
        _("排期日期"),
        _("说明"),
    ]
    lines = (
        [
            one["number"],
            one["crew"],
            one["place"],
            one["product"],
            one["line"].get_status_display(),
            one["line"].found_dbm,
            one["line"].now_dbm,
            one["line"].found_at,
            one["line"].planned.isoformat() if one["line"].planned else "",
            one["line"].note,
        ]
        for one in rows
    )
    return workbook(request, who, _("光衰整治清单"), headings, lines)
