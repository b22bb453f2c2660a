"""Events of work outside as sentences of the timeline: icon, tone, title, and what is told as (note, text)."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bihuan.fieldwork.rules import AGREED_BY, AGREED_MEANS, DAYS, STATUSES
from bihuan.web.desk.names import Names
from bihuan.web.fieldwork.words import crew_name, day_name, span

Payload = Mapping[str, Any]
Tell = Callable[[Payload, Names], tuple[str, str]]


def _joined(*parts: object) -> str:
    return " · ".join(str(part) for part in parts if part)


def _when(payload: Payload) -> str:
    starts, ends = (parse_datetime(payload.get(key) or "") for key in ("from", "to"))
    return f"{day_name(starts)} {span(starts, ends)}" if starts and ends else ""


def _visit(payload: Payload, names: Names) -> tuple[str, str]:
    agreed = _joined(AGREED_BY.get(payload.get("by", ""), ""), AGREED_MEANS.get(payload.get("means", ""), ""))
    status = STATUSES.get(payload.get("status", ""), "")
    late = _("超过约定时间") if payload.get("late") else ""
    who = names.staff(payload.get("staff"))
    return _joined(status, _when(payload), crew_name(payload.get("crew")), who, agreed, late), payload.get("text", "")


def _wish(payload: Payload, names: Names) -> tuple[str, str]:
    days = "、".join(str(DAYS[day]) for day in payload.get("days", []) if day in DAYS)
    hours = "–".join((payload.get("from", ""), payload.get("to", ""))).strip("–")
    return _joined(days, hours), payload.get("text", "")


SENTENCES: dict[str, tuple[str, str, str | Promise, Tell]] = {
    "visit_wished": ("calendar", "talk", gettext_lazy("上门时间意愿"), _wish),
    "appointment_booked": ("calendar", "talk", gettext_lazy("约定上门"), _visit),
    "appointment_moved": ("calendar", "wait", gettext_lazy("改约上门"), _visit),
    "appointment_assigned": ("user", "", gettext_lazy("指定上门人"), _visit),
    "appointment_reminded": ("bell", "talk", gettext_lazy("提醒客户上门时间"), _visit),
    "appointment_arrived": ("map-pin", "", gettext_lazy("到达客户处"), _visit),
    "appointment_done": ("check", "good", gettext_lazy("上门完成"), _visit),
    "appointment_missed": ("x", "bad", gettext_lazy("上门失约"), _visit),
    "appointment_cancelled": ("x", "wait", gettext_lazy("取消上门"), _visit),
}
