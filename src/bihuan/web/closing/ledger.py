"""The ledger's page and workbook: for auditors every case without content, for others those in their reach."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bihuan.cases.days import BadDay, day_of, local_day
from bihuan.cases.filters import Filter
from bihuan.cases.lexicon import current, either
from bihuan.cases.states import STATES, STEPS
from bihuan.identity import roles
from bihuan.identity.viewer import Viewer
from bihuan.insight import ledger
from bihuan.insight.asking import OPERATOR
from bihuan.insight.queries import figures
from bihuan.kernel import clock
from bihuan.kernel.errors import NotFound, RuleError
from bihuan.sla.fold import ADOPTED
from bihuan.web.closing import workbook
from bihuan.web.desk.words import PROOFS
from bihuan.web.viewers import viewer

PAGE = 50
_MEASURES = ("volume", "reply_coverage", "revisit_coverage", "completion_rate", "open_count", "late_count")


def reader(request: HttpRequest) -> Viewer:
    """As whom the ledger is read: an auditor sees every line, who reads figures those of her cases."""
    who = viewer(request)
    if who.can(roles.AUDIT):
        return OPERATOR
    if not who.can(roles.FIGURES):
        raise NotFound("page")
    return who


def days(request: HttpRequest) -> tuple[date | None, date | None]:
    """The asked period, this month when nothing is asked."""
    try:
        found = [day_of(told) if (told := request.GET.get(name, "")) else None for name in ("from", "to")]
    except BadDay:
        raise RuleError("ledger.day", _("日期请写成 2026-03-02。"), field="from") from None
    if "from" not in request.GET and "to" not in request.GET:
        today = local_day(clock.now())
        return today.replace(day=1), today
    return found[0], found[1]


@login_required
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """A page of lines, and the totals of the whole period as the figures count them."""
    who = reader(request)
    first, last = days(request)
    found = list(ledger.lines(who, first, last, after=_key(request.GET.get("after", "")), limit=PAGE + 1))
    rows = [_row(line) for line in found[:PAGE]]
    query = {"from": first or "", "to": last or ""}
    chosen = Filter(tuple((name, str(day)) for name, day in query.items() if day))
    totals = figures(who, _MEASURES, (), chosen)
    more = len(found) > PAGE and found[PAGE - 1].key is not None
    context = {
        "rows": rows, "from": first, "to": last, "place": "ledger", "query": urlencode(query),
        "totals": [(measure.name, totals.totals.cells[measure.code]) for measure in totals.measures],
        "next_url": f"?{urlencode({**query, 'after': _written(found[PAGE - 1].key)})}" if more else "",
        "first_url": f"?{urlencode(query)}" if request.GET.get("after") else "",
        "may_open": viewer(request).can(roles.READ),
    }  # fmt: skip
    return render(request, "closing/ledger.html", context)


def _key(told: str) -> tuple[datetime, int] | None:
    at, _bar, ident = told.partition("|")
    try:
        moment = datetime.fromisoformat(at)
    except ValueError:
        return None
    return (moment, int(ident)) if moment.tzinfo and ident.isdigit() and len(ident) < 19 else None


def _written(key: tuple[datetime, int] | None) -> str:
    return f"{key[0].isoformat()}|{key[1]}" if key else ""


def kind_name(kind: str) -> str:
    """What an exception is called."""
    return _("改用新版时限") if kind == ADOPTED else str(STEPS[kind].name) if kind in STEPS else kind


def _reason(kind: str, code: str) -> str:
    if kind == "withdrawn":
        return str(PROOFS.get(code, code))
    names = current().catalog.reasons.values()
    wanted = ledger.REASONS.get(kind, "")
    found = next((one for one in names if (one.kind, one.code) == (wanted, code)), None)
    return either(found.name, found.name_en) if found else code


def _row(line: ledger.Line) -> dict[str, Any]:
    return {
        "told": line.told, "flags": line.flags, "attempts": line.attempts, "status": line.told["status"],
        "pauses": [(one, _reason("waiting", one.reason), one.seconds // 60) for one in line.pauses],
        "paused": line.paused // 60,
        "odd": [(one, kind_name(one.kind), _reason(one.kind, one.reason)) for one in line.odd],
    }  # fmt: skip


@login_required
@require_safe
def export(request: HttpRequest) -> HttpResponseBase:
    """The whole period as Excel, the totals in its last row."""
    who = reader(request)
    first, last = days(request)
    totals = ledger.Totals()
    detail = {"subject": "ledger", "from": str(first or ""), "to": str(last or "")}
    rows = _cells(ledger.lines(who, first, last), totals)
    return workbook.answer(request, viewer(request), _("台账"), headings(), rows, detail)


def headings() -> list[str]:
    """The first row."""
    return [
        _("工单编号"), _("登记时间"), _("渠道"), _("来源系统"), _("分类"), _("责任部门"), _("状态"), _("首次回复"),
        _("答复时间"), _("答复次数"), _("回访时间"), _("未接通次数"), _("满意度"), _("重新处理"), _("办结时间"), _("时限"),
        _("超时"), _("暂停次数"), _("暂停合计（分钟）"), _("暂停明细"), _("例外次数"), _("例外与改动"),
    ]  # fmt: skip


def _cells(found: Iterator[ledger.Line], totals: ledger.Totals) -> Iterator[list[Any]]:
    for line in found:
        totals.add(line)
        told = line.told
        pauses = "；".join(f"{_reason('waiting', p.reason)} {p.seconds // 60} {p.by} {p.rule}" for p in line.pauses)
        odd = "；".join(
            " ".join(part for part in (kind_name(o.kind), o.by, _reason(o.kind, o.reason), o.why, o.rule) if part)
            for o in line.odd
        )
        yield [
            told["number"], told["registered_at"], told["channel"], told["source_system"], told["category"],
            told["unit"], str(STATES[told["status"]].name), told["first_reply_at"], told["replied_at"],
            told["replies"], told["revisited_at"], line.attempts, told["satisfaction"], told["rounds"],
            told["ended_at"], told["limit_at"], int(line.flags["late"]), len(line.pauses), line.paused // 60, pauses,
            len(line.odd), odd,
        ]  # fmt: skip
    flags = totals.flags
    yield [
        _("合计 %(count)d 件") % {"count": totals.lines}, None, None, None, None, None,
        _("已结单 %(closed)d，已办结 %(ended)d，未办结 %(open)d") % flags, None,
        _("已回复 %(replied)d / 应回复 %(owed)d") % flags, totals.replies, _("已回访 %(revisited)d") % flags,
        totals.attempts, None, None, None, None, flags["late"], totals.pauses, totals.paused_seconds // 60, None,
        totals.exceptions,
    ]  # fmt: skip
