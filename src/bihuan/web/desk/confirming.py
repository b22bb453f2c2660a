"""How a written answer stands, told from the events the case page has anyway."""

from collections.abc import Sequence

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from bihuan.cases.models import CaseEvent
from bihuan.web import words as spoken
from bihuan.web.desk import words
from bihuan.web.desk.names import Names

_AFTER = {"reply_confirmed", "confirmation_dropped", "revisited", "closed", "reopened", "withdrawn"}


def line(events: Sequence[CaseEvent], names: Names) -> str:
    """Waiting until when, or confirmed by whom and when; empty where the last answer was not one that waits."""
    last = next((event for event in reversed(events) if event.kind == "replied"), None)
    if last is None or not last.payload.get("confirm_by"):
        return ""
    means = str(words.MEANS.get(last.payload.get("means", ""), ""))
    after = next((event for event in events if event.seq > last.seq and event.kind in _AFTER), None)
    said = _settled(after, names) if after is not None else _waiting(last)
    return _("%(means)s答复，%(said)s") % {"means": means, "said": said} if said else ""


def _waiting(last: CaseEvent) -> str:
    limit = parse_datetime(last.payload["confirm_by"])
    return _("待客户确认（期限 %(moment)s）") % {"moment": spoken.local(limit)}


def _settled(event: CaseEvent, names: Names) -> str:
    when = spoken.local(event.at)
    if event.kind == "reply_confirmed" and event.payload.get("by") == "customer":
        return _("客户于 %(moment)s 本人确认") % {"moment": when}
    if event.kind == "reply_confirmed":
        how = words.MEANS.get(event.payload.get("means", ""), "")
        return _("%(name)s 于 %(moment)s 经%(how)s确认") % {"name": names.doer(event), "moment": when, "how": how}
    if event.kind == "revisited":
        return _("%(moment)s 回访确认") % {"moment": when}
    if event.kind == "confirmation_dropped":
        return _("客户信息已依法删除，不再等待确认")
    return _("始终没有得到客户确认") if event.kind in {"closed", "withdrawn"} else ""
