"""Moments, spans and reasons in words, Chinese and English. Pure; languages are `zh` and `en`."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bihuan.sla.durations import DAYS, TIME, Duration

EVENTS = {
    "registered": ("登记", "registration"),
    "accepted": ("受理", "acceptance"),
    "declined": ("不予受理", "the decline"),
    "classified": ("分类", "classification"),
    "dispatched": ("派单", "dispatch"),
    "redispatched": ("改派", "re-dispatch"),
    "received": ("接单", "receipt"),
    "returned": ("退单", "the return"),
    "recalled": ("撤回派单", "the recall"),
    "dispatch_undone": ("撤销派单", "an undone dispatch"),
    "undone_to_returned": ("撤销派单", "an undone dispatch"),
    "undone_to_recalled": ("撤销派单", "an undone dispatch"),
    "undone_to_reopened": ("撤销派单", "an undone dispatch"),
    "handling_started": ("开始处理", "the start of handling"),
    "contacted": ("联系客户", "contact with the customer"),
    "waiting": ("等待", "waiting"),
    "resumed": ("等待结束", "the end of waiting"),
    "first_replied": ("首次回复", "the first reply"),
    "replied": ("答复", "the reply"),
    "revisited": ("回访", "the revisit"),
    "closed": ("结单", "closing"),
    "reopened": ("重新处理", "reopening"),
    "withdrawn": ("撤诉", "withdrawal"),
    "converted": ("转服务请求", "becoming a service request"),
    "merged": ("并单", "the merge"),
    "unmerged": ("撤销并单", "undoing the merge"),
    "priority_changed": ("调整优先级", "a changed priority"),
    "customer_changed": ("客户资料变更", "changed customer data"),
    "limit_adopted": ("改用新版时限", "moving to the new version of the limit"),
    "escalated": ("升级", "escalation"),
    "appeal_received": ("收到转办", "the body's transfer"),
    "appeal_step": ("申诉进展", "a step of the appeal"),
    "appeal_answered": ("向转办单位答复", "the answer to the body"),
    "appeal_ended": ("申诉办结", "the end of the appeal"),
    "appeal_resumed": ("退回重办", "the body's return"),
}
LEVELS = {"warned": ("预警", "warned"), "breached": ("超时", "overdue"), "escalated": ("升级", "escalated")}
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def pick(pair: tuple[str, str], lang: str) -> str:
    """The Chinese or the English of a pair; the other where one is empty."""
    return (pair[1] or pair[0]) if lang == "en" else pair[0]


def event(kind: str, lang: str) -> str:
    """What happened, as a noun; an unknown kind stays as it is."""
    return pick(EVENTS.get(kind, (kind, kind.replace("_", " "))), lang)


def stamp(at: datetime, lang: str, now: datetime, *, zone: str = "Asia/Shanghai", after: datetime | None = None) -> str:
    """`11月3日 09:12` or `3 November 09:12`. The year is told when it is not that of `now`, seconds when there are any;
    of a moment on the same day as `after` only the time."""
    local = at.astimezone(ZoneInfo(zone))
    clock = local.strftime("%H:%M:%S" if local.second else "%H:%M")
    if after is not None and after.astimezone(ZoneInfo(zone)).date() == local.date():
        return clock
    year = now.astimezone(ZoneInfo(zone)).year != local.year
    if lang == "en":
        return f"{local.day} {_MONTHS[local.month - 1]}{f' {local.year}' if year else ''} {clock}"
    return f"{f'{local.year}年' if year else ''}{local.month}月{local.day}日 {clock}"


def set_in(name: str) -> str:
    """A name set into a Chinese sentence: a blank only between Chinese and Latin."""
    before = " " if name[:1].isascii() else ""
    return f"{before}{name}{' ' if name[-1:].isascii() else ''}"


def span(length: timedelta, lang: str) -> str:
    """`6 小时 30 分` or `6 h 30 min`; from two days on in days and hours; rounded down to seconds, shown below an hour."""
    seconds = int(length.total_seconds())
    days, rest = divmod(seconds, 86400) if seconds >= 2 * 86400 else (0, seconds)
    hours, rest = divmod(rest, 3600)
    minutes, left = divmod(rest, 60)
    units = ("d", "h", "min", "s") if lang == "en" else ("天", "小时", "分", "秒")
    shown = (days, hours, minutes, left if seconds < 3600 else 0)
    parts = [f"{number} {unit}" for number, unit in zip(shown, units, strict=True) if number]
    return " ".join(parts) or ("no time" if lang == "en" else "0 分")


def duration(length: Duration, lang: str) -> str:
    """`72 小时`, `15 个自然日`, `5 个工作日`; `72 hours`, `15 calendar days`, `5 working days`."""
    if length.unit == TIME:
        hours, rest = divmod(length.amount, 3600)
        whole = not rest and hours
        if lang == "en":
            return f"{hours} hour{'s' if hours > 1 else ''}" if whole else span(timedelta(seconds=length.amount), lang)
        return f"{hours} 小时" if whole else span(timedelta(seconds=length.amount), lang).replace(" 分", " 分钟")
    if lang == "en":
        kind = "calendar" if length.unit == DAYS else "working"
        return f"{length.amount} {kind} day{'s' if length.amount > 1 else ''}"
    return f"{length.amount} 个{'自然日' if length.unit == DAYS else '工作日'}"
