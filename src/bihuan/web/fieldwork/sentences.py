"""Events of work outside as sentences of the timeline: icon, tone, title, and what is told as (note, text)."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bihuan.fieldwork.orders_rules import BLOCKS, CLEANUP, REASONS
from bihuan.fieldwork.rules import AGREED_BY, AGREED_MEANS, DAYS, STATUSES
from bihuan.fieldwork.tiers import TIERS
from bihuan.web import words as spoken
from bihuan.web.desk.names import Names
from bihuan.web.fieldwork.words import crew_name, day_name, span
from bihuan.web.setup.names import listed

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
    days = listed(DAYS[day] for day in payload.get("days", []) if day in DAYS)
    hours = "–".join((payload.get("from", ""), payload.get("to", ""))).strip("–")
    return _joined(days, hours), payload.get("text", "")


def _repair(payload: Payload, names: Names) -> tuple[str, str]:
    tiers = [TIERS.get(payload.get(key, ""), "") for key in ("before_tier", "tier")]
    way = " → ".join(str(one) for one in tiers) if payload.get("way") else tiers[1]
    light = " → ".join(f"{payload[key]} dBm" for key in ("before", "after") if payload.get(key))
    due = parse_datetime(payload["due"]) if payload.get("due") else None
    until = _("期限 %(moment)s") % {"moment": spoken.local(due)} if due else ""
    late = _("超过期限") if payload.get("late") else ""
    who = names.staff(payload.get("staff"))
    return _joined(way, crew_name(payload.get("crew")), who, light, until, late), payload.get("text", "")


def _block(payload: Payload, names: Names) -> tuple[str, str]:
    kind = payload.get("kind", "")
    reason = REASONS.get(kind, {}).get(payload.get("reason", ""), "")
    expected = _("预计 %(day)s 解除") % {"day": payload["expected"]} if payload.get("expected") else ""
    return _joined(BLOCKS.get(kind, ""), reason, expected), payload.get("text", "")


def _light(payload: Payload, names: Names) -> tuple[str, str]:
    power = f"{payload['after']} dBm" if payload.get("after") else ""
    return _joined(CLEANUP.get(payload.get("status", ""), ""), power), payload.get("text", "")


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
    "repair_sent": ("send", "", gettext_lazy("派维修单"), _repair),
    "repair_accepted": ("inbox", "good", gettext_lazy("班组接单"), _repair),
    "repair_on_way": ("route", "", gettext_lazy("线务员出发"), _repair),
    "repair_on_site": ("map-pin", "", gettext_lazy("线务员到达现场"), _repair),
    "repair_done": ("check", "good", gettext_lazy("维修完成"), _repair),
    "repair_unable": ("x", "bad", gettext_lazy("未能修复"), _repair),
    "repair_cancelled": ("x", "wait", gettext_lazy("撤销维修单"), _repair),
    "repair_handed": ("arrows-exchange", "wait", gettext_lazy("维修单转出"), _repair),
    "repair_measured": ("chart-bar", "", gettext_lazy("测光功率"), _repair),
    "repair_hindered": ("hand-stop", "bad", gettext_lazy("维修受阻"), _block),
    "repair_freed": ("check", "good", gettext_lazy("受阻已解除"), _block),
    "light_cleaned": ("check", "", gettext_lazy("光衰整治"), _light),
}
