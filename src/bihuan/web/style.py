"""The style page of a demo: every part in every state, on invented data. Also what the browser tests look at."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from bihuan.cases.states import STATES
from bihuan.kernel import clock
from bihuan.kernel.errors import RuleError
from bihuan.web import chips, nav

AREAS: list[dict[str, Any]] = [
    {"id": "32", "label": "江苏省", "path": "", "leaf": False, "parent": "", "keys": "jss"},
    {"id": "3204", "label": "常州市", "path": "江苏省", "leaf": False, "parent": "32", "keys": "czs"},
    {"id": "320402", "label": "天宁区", "path": "江苏省 常州市", "leaf": True, "parent": "3204", "keys": "tnq"},
    {"id": "320404", "label": "钟楼区", "path": "江苏省 常州市", "leaf": True, "parent": "3204", "keys": "zlq"},
    {"id": "320411", "label": "新北区", "path": "江苏省 常州市", "leaf": True, "parent": "3204", "keys": "xbq"},
]


class SampleForm(forms.Form):
    """One field of each kind."""

    subject = forms.CharField(label=_("投诉内容"), widget=forms.Textarea, help_text=_("按客户原话写，号码会自动保护。"))
    phone = forms.CharField(label=_("联系电话"), error_messages={"required": _("请填写能联系到客户的电话。")})
    urgency = forms.ChoiceField(label=_("紧急程度"), choices=[("normal", _("一般")), ("urgent", _("紧急"))])
    result = forms.ChoiceField(
        label=_("客户是否满意"),
        choices=[("3", _("满意")), ("1", _("不满意"))],
        widget=forms.RadioSelect,
        required=False,
    )
    told = forms.BooleanField(label=_("已告知客户承诺时间"), required=False)
    note = forms.CharField(label=_("备注"), required=False)


def _samples() -> dict[str, Any]:
    now = clock.now()
    rows = [
        ("20261121000318", "in_handling", timedelta(minutes=-95), "家里宽带从昨晚开始断断续续，打了两次电话没人上门"),
        ("20261121000301", "dispatched", timedelta(minutes=22), "5 号楼地下车库没有信号，电话打不出去"),
        ("20261121000287", "registered", timedelta(hours=6), "套餐到期没有提醒，本月多扣了 39 元，要求退还"),
        ("20261120000914", "waiting", None, "装机师傅约了三次都没来，影响孩子上网课"),
        ("20261120000877", "replied", timedelta(days=2, hours=4), "营业厅办理销户时态度恶劣，要求道歉"),
    ]
    return {
        "rows": [
            {"number": n, "status": s, "due": now + d if d else None, "paused": d is None, "text": t, "at": now}
            for n, s, d, t in rows
        ],
        "clocks": [
            {"due": now + timedelta(hours=5), "name": _("首次答复")},
            {"due": now + timedelta(minutes=18), "name": _("首次答复")},
            {"due": now - timedelta(hours=3), "name": _("首次答复")},
            {"due": now + timedelta(hours=3), "name": _("办结"), "paused": True},
            {"due": now, "name": _("办结"), "met": True},
            {"due": now, "name": _("办结"), "met": False},
        ],
        "timeline": _timeline(),
        "steps": [
            {"label": _("登记"), "done": True, "at": now - timedelta(hours=5)},
            {"label": _("受理"), "done": True, "at": now - timedelta(hours=5)},
            {"label": _("处理"), "current": True, "at": now - timedelta(hours=1)},
            {"label": _("答复")},
            {"label": _("回访")},
            {"label": _("结单")},
        ],
    }


def _timeline() -> list[dict[str, Any]]:
    now = clock.now()
    return [
        {"id": 5, "icon": "alert-octagon", "tone": "bad", "title": _("首次答复超时"), "at": now - timedelta(minutes=5)},
        {"id": 4, "icon": "player-pause", "tone": "wait", "title": _("挂起"), "who": "李伟 · 天宁维护班",
         "why": _("等客户约定上门时间"), "at": now - timedelta(hours=1)},
        {"id": 3, "icon": "phone", "tone": "talk", "title": _("联系客户"), "who": "李伟 · 天宁维护班",
         "text": "客户说晚上七点以后在家，希望今天处理。", "at": now - timedelta(hours=2)},
        {"id": 2, "icon": "send", "tone": "", "title": _("派单"), "who": "陈静 · 客户服务中心",
         "why": "→ 天宁维护班", "at": now - timedelta(hours=4)},
        {"id": 1, "icon": "check", "tone": "good", "title": _("登记"), "who": "王芳 · 10000 热线",
         "at": now - timedelta(days=1)},
    ]  # fmt: skip


def _chart() -> dict[str, Any]:
    months = ["2026-06", "2026-07", "2026-08", "2026-09", "2026-10", "2026-11"]
    return {
        "xAxis": {"type": "category", "data": months},
        "yAxis": {"type": "value"},
        "series": [
            {"name": str(_("受理量")), "type": "bar", "data": [4975, 5078, 4810, 5230, 5011, 3870], "barMaxWidth": 34},
            {"name": str(_("超时")), "type": "line", "data": [98, 101, 62, 80, 55, 31]},
        ],
    }


class Menu:
    """A menu entry for readers who have none."""

    def __init__(self, place: nav.Place) -> None:
        self.code, self.label, self.icon, self.url = (
            place.code,
            place.label,
            place.icon,
            place.url() or f"#{place.code}",
        )


def page(request: HttpRequest) -> HttpResponse:
    """Everything on one page."""
    refused = SampleForm({"subject": "", "phone": ""})
    refused.add_error(None, _("这张工单刚被 张三 改过。请核对差异后再提交。"))
    context = _samples() | {
        "place": "desk",
        "nav": [Menu(place) for place in nav.PLACES],
        "find_url": request.path,
        "states": list(STATES),
        "tones": sorted(set(chips.STATUS_TONES.values())),
        "form": SampleForm(),
        "refused": refused,
        "chart": _chart(),
        "bulk_actions": [{"code": "assign", "label": _("派单")}, {"code": "recall", "label": _("撤回派单")}],
        "results": [
            {"number": "20261121000301", "ok": True, "text": _("已派单")},
            {"number": "20261121000287", "ok": False, "text": _("已由他人派出")},
        ],
    }
    return render(request, "web/style.html", context)


def areas(request: HttpRequest) -> JsonResponse:
    """What the picker asks for, on five areas."""
    typed, parent = request.GET.get("q", "").lower(), request.GET.get("parent", "")
    hits = [a for a in AREAS if (typed in a["keys"] or typed in a["label"] if typed else a["parent"] == parent)]
    return JsonResponse([{k: a[k] for k in ("id", "label", "path", "leaf")} for a in hits], safe=False)


def refusal(request: HttpRequest) -> HttpResponse:
    """Always refuses, at the field that is asked for."""
    field = request.POST.get("at", "")
    raise RuleError("style.refused", str(_("还没有写答复内容。请写明原因、核实情况和解决办法。")), field=field)


async def live(request: HttpRequest) -> StreamingHttpResponse:
    """Two pieces of news, half a second apart."""

    async def stream() -> AsyncIterator[bytes]:
        for count, number in ((1, "20261121000318"), (3, "20261121000301")):
            await asyncio.sleep(0.5)
            news = json.dumps(
                {"text": str(_("%(count)d 条工单有变化，点这里查看")) % {"count": count}, "ids": [number]}
            )
            yield f"id: {count}\nevent: news\ndata: {news}\n\n".encode()
        yield b"event: end\ndata: {}\n\n"

    return StreamingHttpResponse(stream(), content_type="text/event-stream")
