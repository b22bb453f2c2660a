"""What can be said of a case as of a moment: first contact, passed on, late, ended… each written once, as one condition.

Lists filter by these, figures count by them; a figure therefore always opens exactly the cases it counted.
Everything follows from the case's own moments, never from a flag that came in with a file.

The three outcomes are disjoint, in this order:
1. `late` wins: ended after its limit, or still open with the limit passed. Answered at once, but ended late: late.
2. `passed_on`: not late, and passed on to another unit at least once, however it ended.
3. `first_contact`: not late, never passed on, answered, and never reopened (a second answer is not a first contact).
What is in none of the three is in hand, or was declined, withdrawn or reopened without ever being passed on.

Merged cases are outside all rates: their customer is answered, and counted, through the case they were merged into.
A reopened case has no end until it ends again; moments before the reopening see it as open too.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Expression, F, Func, Q, Value
from django.db.models.fields import DateTimeField
from django.db.models.functions import Least
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bihuan.cases.days import ZONE
from bihuan.catalog import snapshot as catalog
from bihuan.kernel import clock

MONTH_END = "month_end"
"""As of the end of the month in which each case was registered: how monthly tables are drawn up."""
AsOf = datetime | str


def moment_of(as_of: AsOf, now: datetime | None = None) -> Expression:
    """The moment as a database expression; `MONTH_END` differs from case to case and never lies ahead of now."""
    if isinstance(as_of, datetime):
        return Value(as_of, output_field=DateTimeField())
    local = f"%(expressions)s AT TIME ZONE '{ZONE}'"
    end = Func(
        F("registered_at"),
        template=f"((date_trunc('month', {local}) + interval '1 month') AT TIME ZONE '{ZONE}')",
        output_field=DateTimeField(),
    )
    return Least(end, Value(now or clock.now(), output_field=DateTimeField()))


@dataclass(frozen=True)
class Condition:
    """`q` takes the moment (an expression, see `moment_of`) and gives the condition; `name` is short."""

    code: str
    name: Promise
    q: Callable[[Expression], Q]


def _ended(at: Expression) -> Q:
    return Q(ended_at__lte=at)


def _open(at: Expression) -> Q:
    return Q(ended_at__isnull=True) | Q(ended_at__gt=at)


def _not_merged(at: Expression) -> Q:
    return ~Q(status="merged")


def _passed(at: Expression) -> Q:
    return Q(dispatched_at__lte=at)


def _not_passed(at: Expression) -> Q:
    return Q(dispatched_at__isnull=True) | Q(dispatched_at__gt=at)


def _late(at: Expression) -> Q:
    """A paused clock's limit moves on with the pause, so a waiting case is not late by it."""
    return Q(limit_at__isnull=False) & (
        (_ended(at) & Q(ended_at__gt=F("limit_at"))) | (_open(at) & Q(limit_at__lt=at, paused=False))
    )


def _in_time(at: Expression) -> Q:
    return (
        Q(limit_at__isnull=True)
        | (_ended(at) & Q(ended_at__lte=F("limit_at")))
        | (_open(at) & (Q(limit_at__gte=at) | Q(paused=True)))
    )


def _answered(at: Expression) -> Q:
    """A final reply was given. A closed order without a moment of reply (some files have none) counts: closing needs one."""
    return Q(replied_at__lte=at) | (Q(status="closed") & _ended(at))


def _first_contact(at: Expression) -> Q:
    plain = Q(reopen_count=0) & ~Q(status__in=("declined", "withdrawn", "converted"))
    return plain & _answered(at) & _not_passed(at) & _in_time(at)


def _passed_on(at: Expression) -> Q:
    return _passed(at) & _in_time(at)


def _first_reply_hours() -> timedelta:
    return timedelta(hours=float(catalog.current().parameters.get("first_reply_hours", 48)))


def _replied(at: Expression) -> Q:
    return Q(first_reply_at__lte=at) | _answered(at)


def _reply_fast(at: Expression) -> Q:
    return Q(first_reply_at__lte=at) & Q(first_reply_at__lte=F("registered_at") + _first_reply_hours())


def _reply_due(at: Expression) -> Q:
    """It had its first reply, or the time for it is over. Of a finished order whose file told no reply nothing is known."""
    over = Q(registered_at__lte=at - Value(_first_reply_hours()))
    return Q(first_reply_at__lte=at) | (over & ~Q(mode="history"))


def _closed(at: Expression) -> Q:
    return Q(status="closed") & _ended(at)


CONDITIONS: dict[str, Condition] = {
    one.code: one
    for one in (
        Condition("counted", _("未并入其他工单"), _not_merged),
        Condition("open", _("未办结"), _open),
        Condition("ended", _("已办结"), _ended),
        Condition("closed", _("已结单"), _closed),
        Condition("first_contact", _("一次性处理"), _first_contact),
        Condition("passed_on", _("转派（未超时）"), _passed_on),
        Condition("late", _("超时"), _late),
        Condition("in_time", _("未超时"), _in_time),
        Condition("passed", _("派过单"), _passed),
        Condition("answered", _("已答复"), _answered),
        Condition("replied", _("已回复（含首次回复）"), _replied),
        Condition("reply_due", _("首次回复到期或已回复"), _reply_due),
        Condition("reply_fast", _("首次回复在时限内"), _reply_fast),
        Condition("owed", _("应予回复"), lambda at: ~Q(status__in=("merged", "withdrawn", "converted"))),
        Condition("revisited", _("已回访"), lambda at: Q(revisited_at__lte=at)),
        Condition("rated", _("已评价"), lambda at: Q(satisfaction__isnull=False)),
        Condition("satisfied", _("满意"), lambda at: Q(satisfaction=3)),
        Condition("dissatisfied", _("不满意"), lambda at: Q(satisfaction=1)),
        Condition("repeat", _("重复投诉"), lambda at: Q(repeat_of_id__isnull=False)),
        Condition("returned", _("被退单"), lambda at: Q(return_count__gt=0)),
        Condition("redispatched", _("改派"), lambda at: Q(dispatch_count__gt=1)),
        Condition("chased", _("被催办"), lambda at: Q(chaser_count__gt=0)),
        Condition("reopened", _("重新处理"), lambda at: Q(reopen_count__gt=0)),
        Condition("converted", _("转服务请求或商机"), lambda at: Q(status="converted")),
        Condition("appealed", _("监管等单位转来"), lambda at: Q(channel="regulator")),
        Condition("above_level", _("越级投诉"), lambda at: Q(flags__contains=["above_level"])),
        Condition("supervised", _("督办中"), lambda at: Q(flags__contains=["supervised"])),
    )
}
"""By code, as URLs name them (`is=late`)."""


def add(*more: Condition) -> None:
    """Further conditions of the rooms above, told once when they are loaded; a code that is taken stays what it is."""
    for one in more:
        CONDITIONS.setdefault(one.code, one)
