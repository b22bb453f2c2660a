"""Times as people say them. Pure, besides the operator's time zone and the reader's language."""

from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from bihuan.kernel import clock

MINUTE, HOUR, DAY = 60, 3600, 86400


def duration(length: timedelta | float) -> str:
    """A length of time (timedelta or seconds; the sign is dropped) in at most two parts: 2天4小时, 25分钟."""
    seconds = abs(int(length.total_seconds() if isinstance(length, timedelta) else length))
    if seconds < MINUTE:
        return _("不到1分钟")
    if seconds < HOUR:
        return _("%(minutes)d分钟") % {"minutes": seconds // MINUTE}
    if seconds < DAY:
        hours, minutes = seconds // HOUR, seconds % HOUR // MINUTE
        pattern = _("%(hours)d小时%(minutes)d分") if minutes else _("%(hours)d小时")
        return pattern % {"hours": hours, "minutes": minutes}
    days, hours = seconds // DAY, seconds % DAY // HOUR
    pattern = _("%(days)d天%(hours)d小时") if hours else _("%(days)d天")
    return pattern % {"days": days, "hours": hours}


def local(moment: datetime | None) -> str:
    """`2026-03-02 09:05` in the operator's time zone; an empty string for no moment."""
    return date_format(timezone.localtime(moment), "DATETIME_FORMAT") if moment else ""


def short(moment: datetime | None) -> str:
    """As short as stays clear: the time today, month and day this year, else the date."""
    if moment is None:
        return ""
    then, now = timezone.localtime(moment), timezone.localtime(clock.now())
    if then.date() == now.date():
        return date_format(then, "TIME_FORMAT")
    return date_format(then, "SHORT_DATETIME_FORMAT" if then.year == now.year else "DATE_FORMAT")


def ago(moment: datetime | None) -> str:
    """How long since: 刚刚, 25分钟前; for a moment ahead: 25分钟后."""
    if moment is None:
        return ""
    gap = clock.now() - moment
    if abs(gap) < timedelta(minutes=1):
        return _("刚刚")
    pattern = _("%(length)s前") if gap > timedelta() else _("%(length)s后")
    return pattern % {"length": duration(gap)}
