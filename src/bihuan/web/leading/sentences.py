"""Events of asking and supervising as sentences of the timeline: icon, tone, title, and what is told as (note, text)."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bihuan.notices.wording import RESULTS
from bihuan.web import words as spoken
from bihuan.web.desk.names import either
from bihuan.web.setup import conditions
from bihuan.web.setup.names import listed
from bihuan.web.teamwork.sentences import Known

Payload = Mapping[str, Any]
Tell = Callable[[Payload, Known], tuple[str, str]]


def _joined(*parts: object) -> str:
    return " · ".join(str(part) for part in parts if part)


def _until(payload: Payload) -> str:
    due = parse_datetime(payload["due"]) if payload.get("due") else None
    return _("期限 %(moment)s") % {"moment": spoken.local(due)} if due else ""


def _asked(payload: Payload, names: Known) -> tuple[str, str]:
    kind = _("代客请示") if payload.get("kind") == "plea" else _("现场答疑")
    who = names.staff(payload.get("to"))
    kind = f"{kind} → {who}" if who else kind
    deputy = _("由 %(who)s 代") % {"who": names.staff(payload["deputy"])} if payload.get("deputy") else ""
    return _joined(kind, deputy, _until(payload)), payload.get("text", "")


def _answered(payload: Payload, names: Known) -> tuple[str, str]:
    granted = {True: RESULTS["granted"], False: RESULTS["refused"]}.get(payload.get("granted"), "")  # type: ignore[arg-type]
    kind = _("代客请示") if payload.get("kind") == "plea" else _("现场答疑")
    return _joined(kind, granted), payload.get("text", "")


def _ordered(payload: Payload, names: Known) -> tuple[str, str]:
    return _joined(names.unit(payload.get("unit")), _until(payload)), payload.get("demand", "")


def _reported(payload: Payload, names: Known) -> tuple[str, str]:
    return "", payload.get("text", "")


def _ended(payload: Payload, names: Known) -> tuple[str, str]:
    late = _("超过督办期限") if payload.get("late") else ""
    return _joined(RESULTS.get(payload.get("verdict", ""), ""), late), payload.get("note", "")


SENTENCES: dict[str, tuple[str, str, str | Promise, Tell]] = {
    "asked": ("info-circle", "talk", gettext_lazy("请教上级"), _asked),
    "answered": ("message", "good", gettext_lazy("上级答复"), _answered),
    "supervision_ordered": ("flag", "bad", gettext_lazy("提出督办"), _ordered),
    "supervision_reported": ("message", "talk", gettext_lazy("督办进展"), _reported),
    "supervision_ended": ("check", "good", gettext_lazy("督办办结"), _ended),
}


def of_procedure(payload: Payload, names: Known) -> str:
    """What the escalation procedure made of a fact of the watch; empty where no level was met."""
    level = payload.get("procedure")
    if not isinstance(level, Mapping):
        return ""
    head = _("按升级办法第 %(version)s 版第 %(level)s 级“%(name)s”") % {
        "version": level.get("version"),
        "level": level.get("level"),
        "name": either(level.get("name", ""), level.get("name_en", "")),
    }
    because = listed(conditions.told(level.get("because", {})))
    people = listed(names.staff(one) for one in payload.get("told", []))
    pair = payload.get("priority")
    raised = _("优先级 %(before)s → %(after)s") % {"before": pair[0], "after": pair[1]} if pair else ""
    parts = [
        because and _("因为%(what)s") % {"what": because},
        people and _("已通知 %(who)s") % {"who": people},
        raised,
    ]
    return _joined(head, *parts)
