"""The auditor's pages: the audit log and the use register. No complaint, no customer, only who did what when."""

import io
from datetime import UTC, datetime, time, timedelta
from typing import Any

import xlsxwriter
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.http import require_safe

from bihuan.customers.models import Use
from bihuan.identity import audit as log
from bihuan.identity import roles
from bihuan.identity.models import AuditEntry, Staff
from bihuan.identity.viewer import Viewer
from bihuan.kernel import clock
from bihuan.web.guard import address_of
from bihuan.web.setup.door import page, show
from bihuan.web.setup.names import listed
from bihuan.web.words import local

PAGE = 100
MOST_ROWS = 50_000
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
KINDS: dict[str, Promise] = {
    "login": gettext_lazy("登录"),
    "login_failed": gettext_lazy("登录失败"),
    "logout": gettext_lazy("退出"),
    "account": gettext_lazy("账号与部门"),
    "grant": gettext_lazy("授权"),
    "token": gettext_lazy("令牌"),
    "reveal": gettext_lazy("查看明文"),
    "number_part": gettext_lazy("按部分号码查"),
    "export": gettext_lazy("导出"),
    "forget": gettext_lazy("删除个人信息"),
    "import": gettext_lazy("导入"),
    "mark": gettext_lazy("标记客户"),
    "pack": gettext_lazy("核对了证据包"),
    "leak": gettext_lazy("查看了泄密案件"),
    "refused": gettext_lazy("被拒绝"),
}
RESULTS: dict[str, Promise] = {
    "ok": gettext_lazy("成功"),
    "findings": gettext_lazy("有不一致"),
    "wrong": gettext_lazy("密码不对"),
    "locked_now": gettext_lazy("连续失败，已锁定"),
    "locked": gettext_lazy("锁定中"),
    "unknown": gettext_lazy("没有这个账号"),
    "inactive": gettext_lazy("账号不能登录"),
    "refused": gettext_lazy("被拒绝"),
}
DETAILS: dict[str, Promise] = {
    "action": gettext_lazy("动作"),
    "changed": gettext_lazy("改动"),
    "before": gettext_lazy("原为"),
    "after": gettext_lazy("改为"),
    "why": gettext_lazy("原因"),
    "name": gettext_lazy("用途"),
    "hint": gettext_lazy("令牌末四位"),
    "scopes": gettext_lazy("范围"),
    "rows": gettext_lazy("行数"),
    "purpose": gettext_lazy("用途"),
    "fields": gettext_lazy("字段"),
    "digits": gettext_lazy("给出的位数"),
    "compared": gettext_lazy("比对的工单"),
    "found": gettext_lazy("符合的工单"),
    "case": gettext_lazy("工单"),
    "kind": gettext_lazy("类型"),
    "what": gettext_lazy("动作"),
    "mark": gettext_lazy("标记"),
    "review_on": gettext_lazy("复核日期"),
    "pack": gettext_lazy("证据包"),
    "plain": gettext_lazy("明文"),
    "token": gettext_lazy("令牌"),
    "evidence": gettext_lazy("文件"),
    "recording": gettext_lazy("录音"),
    "query": gettext_lazy("查询"),
    "filter": gettext_lazy("筛选"),
    "state": gettext_lazy("状态"),
    "order": gettext_lazy("维修单"),
}
PURPOSES: dict[str, Promise] = {
    "contact": gettext_lazy("联系客户"),
    "verify": gettext_lazy("核对客户身份"),
    "visit": gettext_lazy("上门服务"),
    "correct": gettext_lazy("更正资料"),
    "audit": gettext_lazy("核查审计"),
}


@page(roles.AUDIT)
@require_safe
def entries(request: HttpRequest, by: Viewer) -> HttpResponse:
    """The log, newest first; by time, kind, person and result. `export=1` as Excel, which is itself written down."""
    rows = _asked(request)
    if request.GET.get("export"):
        return _export(request, by, rows)
    shown, next_url = _walk(request, rows)
    context = _filters(request) | {
        "rows": [_line(row) for row in shown],
        "kinds": KINDS,
        "next_url": next_url,
        "first_url": _url(request, before="") if request.GET.get("before") else "",
        "export_url": _url(request, before="", export="1"),
        "tab": "entries",
        "place": "audit",
    }
    return show(request, "setup/audit.html", context)


@page(roles.AUDIT)
@require_safe
def uses(request: HttpRequest, by: Viewer) -> HttpResponse:
    """The use register: who opened which sealed fields for which complaint and purpose; never the values."""
    rows = Use.objects.order_by("-at", "-id")
    rows = rows.filter(**_span(request))
    who = Staff.objects.filter(username=request.GET.get("who", "").strip()).first()
    if request.GET.get("who"):
        rows = rows.filter(staff_id=who.pk if who else 0)
    if request.GET.get("purpose") in PURPOSES:
        rows = rows.filter(purpose=request.GET["purpose"])
    shown, next_url = _walk(request, rows)
    people = Staff.objects.in_bulk({row.staff_id for row in shown})
    lines = [
        {"at": row.at, "person": people.get(row.staff_id), "fields": listed(row.fields), "subject": row.subject,
         "purpose": PURPOSES.get(row.purpose, row.purpose), "party": row.party_id}
        for row in shown
    ]  # fmt: skip
    context = _filters(request) | {
        "rows": lines,
        "purposes": PURPOSES,
        "next_url": next_url,
        "first_url": _url(request, before="") if request.GET.get("before") else "",
        "tab": "uses",
        "place": "audit",
    }
    return show(request, "setup/uses.html", context)


def _asked(request: HttpRequest) -> QuerySet[AuditEntry]:
    rows = AuditEntry.objects.order_by("-at", "-id").filter(**_span(request))
    kind, who, result = (request.GET.get(name, "").strip() for name in ("kind", "who", "result"))
    if kind in KINDS:
        rows = rows.filter(kind=kind)
    if who:
        rows = rows.filter(actor__username=who) | rows.filter(subject=who)
    if result:
        rows = rows.filter(result="ok") if result == "ok" else rows.exclude(result="ok")
    return rows


def _span(request: HttpRequest) -> dict[str, Any]:
    """The asked days as a condition on `at`; dates nobody can read are left out."""
    found: dict[str, Any] = {}
    for name, field, shift in (("since", "at__gte", 0), ("until", "at__lt", 1)):
        try:
            day = parse_date(request.GET.get(name, ""))
        except ValueError:
            day = None
        if day is not None and day.year < 9000:
            midnight = datetime.combine(day + timedelta(days=shift), time(), timezone.get_default_timezone())
            found[field] = midnight.astimezone(UTC)
    return found


def _walk(request: HttpRequest, rows: Any) -> tuple[list[Any], str]:
    """One page by key (`before=moment|id`), so that the millionth entry is as quick as the first."""
    moment, _bar, ident = request.GET.get("before", "").partition("|")
    try:
        key = (datetime.fromisoformat(moment), int(ident)) if ident else None
    except ValueError:
        key = None
    if key is not None:
        rows = rows.filter(at__lt=key[0]) | rows.filter(at=key[0], pk__lt=key[1])
    found = list(rows[: PAGE + 1])
    if len(found) <= PAGE:
        return found, ""
    last = found[PAGE - 1]
    return found[:PAGE], _url(request, before=f"{last.at.isoformat()}|{last.pk}")


def _url(request: HttpRequest, **changes: str) -> str:
    query = request.GET.copy()
    for name, value in changes.items():
        query.pop(name, None)
        if value:
            query[name] = value
    return f"?{query.urlencode()}"


def _filters(request: HttpRequest) -> dict[str, Any]:
    return {name: request.GET.get(name, "") for name in ("since", "until", "kind", "who", "result", "purpose")}


def _line(row: AuditEntry) -> dict[str, Any]:
    return {
        "at": row.at,
        "who": row.actor_name or _("（未登录）"),
        "kind": KINDS.get(row.kind, row.kind),
        "subject": row.subject,
        "ok": row.result == "ok",
        "result": RESULTS.get(row.result, row.result),
        "address": row.address or "",
        "detail": _detail(row.detail),
    }


def _detail(detail: dict[str, Any]) -> str:
    parts = []
    for key, value in detail.items():
        told = listed(value) if isinstance(value, list) else _said(key, value)
        parts.append(f"{DETAILS.get(key, key)} {told}")
    return " · ".join(parts)


def _said(key: str, value: Any) -> str:
    """One value in words where it has some: yes or no, a purpose of using personal data."""
    if isinstance(value, bool):
        return _("是") if value else _("否")
    return str(PURPOSES.get(value, value)) if key == "purpose" else str(value)


def _export(request: HttpRequest, by: Viewer, rows: QuerySet[AuditEntry]) -> HttpResponse:
    found = list(rows[:MOST_ROWS])
    answer = HttpResponse(_workbook(found), content_type=XLSX)
    log.record(
        "export", actor_id=by.staff_id, actor_name=by.name, subject="audit", address=address_of(request),
        detail={"rows": len(found)},
    )  # fmt: skip
    answer["Content-Disposition"] = f'attachment; filename="audit-{clock.now():%Y%m%d-%H%M}.xlsx"'
    return answer


def _workbook(rows: list[AuditEntry]) -> bytes:
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet(_("审计日志"))
    heads = [_("时间"), _("操作人"), _("类别"), pgettext("audit", "对象"), _("结果"), _("地址"), _("说明")]
    sheet.write_row(0, 0, heads, book.add_format({"bold": True}))
    for number, row in enumerate(rows, 1):
        line = _line(row)
        cells = [local(row.at), *(line[name] for name in ("who", "kind", "subject", "result", "address", "detail"))]
        sheet.write_row(number, 0, [str(cell) for cell in cells])
    sheet.set_column(0, 5, 18)
    sheet.set_column(6, 6, 60)
    sheet.freeze_panes(1, 0)
    book.close()
    return buffer.getvalue()
