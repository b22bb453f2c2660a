"""What cells mean: texts, numbers, moments in every spelling, and the usual words for channels, urgency, satisfaction."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from bihuan.channels.file import dates
from bihuan.kernel.errors import RuleError

Cell = str | int | float | bool | None

_EMPTY = frozenset(
    ("", "-", "--", "—", "/", "\\", "null", "NULL", "None", "无", "#N/A", "#REF!", "#VALUE!", "NaT", "nan")
)
_SERIAL_DAY = datetime(1899, 12, 30)  # noqa: DTZ001 - a spreadsheet's day zero has no zone
_SERIALS = (20_000.0, 80_000.0)
_LOOSE = re.compile(
    r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?"
    r"(?:[T\s,]*(上午|下午|晚上|凌晨|中午|AM|PM|am|pm)?\s*(\d{1,2})\s*[:：时点]\s*(\d{1,2})?\s*(?:[:：分]\s*(\d{1,2}))?\s*秒?(?:\.\d+)?"
    r"\s*分?\s*(AM|PM|am|pm)?)?"
)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:\s*(\d{2}):?(\d{2})(?::?(\d{2}))?)?")
_AFTERNOON = frozenset(("下午", "晚上", "PM", "pm"))

DEFAULTS: dict[str, dict[str, str | int]] = {
    "channel": {
        "热线": "hotline", "客服热线": "hotline", "服务热线": "hotline", "10000": "hotline", "10000号": "hotline",
        "10000号热线": "hotline", "10086": "hotline", "10010": "hotline", "电话": "hotline", "语音": "hotline",
        "人工": "hotline", "网站": "web", "网厅": "web", "网上营业厅": "web", "网上": "web", "互联网": "web",
        "微信": "wechat", "微信公众号": "wechat", "微博": "weibo", "app": "app", "APP": "app", "掌厅": "app",
        "掌上营业厅": "app", "手机客户端": "app", "客户端": "app", "短信": "sms", "自助终端": "terminal",
        "邮件": "email", "电子邮件": "email", "现场": "on_site", "上门": "on_site", "营业厅": "hall",
        "实体营业厅": "hall", "营业精灵": "hall", "门店": "hall", "系统": "system", "工单": "system", "EMOS": "system",
        "绿网": "system", "Internet": "web", "Web": "web", "Phone": "hotline", "Call": "hotline",
        "Customer Care Call": "hotline", "Email": "email", "Shop": "hall", "Store": "hall",
        "上级交办": "urgent", "领导交办": "urgent", "急单": "urgent", "督办": "urgent",
        "工信部": "regulator", "工信部申诉": "regulator", "管局": "regulator", "通管局": "regulator", "申诉": "regulator",
        "12300": "regulator", "12345": "regulator", "12315": "regulator", "市长热线": "regulator",
    },
    "urgency": {
        "一般": "normal", "普通": "normal", "正常": "normal", "低": "normal", "中": "important", "重要": "important",
        "较急": "important", "重大": "major", "高": "major", "紧急": "urgent", "特急": "urgent", "加急": "urgent",
    },
    "impact": {"单个": "single", "个人": "single", "多个": "several", "多户": "several", "区域": "area", "大面积": "wide"},
    "complexity": {"简单": "simple", "一般": "normal", "复杂": "complex", "疑难": "complex"},
    "relation": {"本人": "self", "机主": "self", "是": "self", "代客": "on_behalf", "他人": "on_behalf", "否": "on_behalf"},
    "customer.level": {
        "普通": 0, "普通客户": 0, "无": 0, "银卡": 3, "金卡": 5, "钻石卡": 7, "钻石": 7, "VIP": 5, "一星": 1, "二星": 2,
        "三星": 3, "四星": 4, "五星": 5, "六星": 6, "七星": 7, "1星": 1, "2星": 2, "3星": 3, "4星": 4, "5星": 5,
        "6星": 6, "7星": 7,
    },
    "satisfaction": {
        "非常满意": 3, "很满意": 3, "满意": 3, "比较满意": 3, "是": 3, "基本满意": 2, "一般": 2, "中立": 2,
        "不满意": 1, "很不满意": 1, "非常不满意": 1, "不太满意": 1, "否": 1,
    },
}  # fmt: skip
"""field → {words → value}; a mapping's own words come first."""


def text(cell: Cell) -> str:
    """A cell as text: whole numbers without a point, blanks and words for "nothing" as nothing."""
    if isinstance(cell, str):
        told = cell.strip()
        return "" if told in _EMPTY else told
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    return str(cell)


@lru_cache(maxsize=64)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


@lru_cache(maxsize=64)
def _settled(name: str) -> tuple[str, timedelta]:
    """(year, offset): after that year the zone is always so far ahead of UTC; year 9999: it never settled."""
    zone, last = _zone(name), 1970
    firsts = [datetime(year, month, 1, tzinfo=zone) for year in range(1970, 2060) for month in range(1, 13)]
    for first in firsts:
        if first.utcoffset() != firsts[-1].utcoffset():
            last = first.year
    return str(last) if last < 2000 else "9999", firsts[-1].utcoffset() or timedelta()


def joined(cells: Sequence[Cell]) -> Cell:
    """A day and a time of day from columns beside each other, as one cell."""
    told = [cell for cell in cells if text(cell)]
    numbers = [cell for cell in told if isinstance(cell, int | float) and not isinstance(cell, bool)]
    if told and len(numbers) == len(told):
        return sum(numbers)  # a spreadsheet's day and part of a day
    return " ".join(text(cell).removesuffix(" 00:00:00") for cell in told)


def moment(cell: Cell, zone: str, forms: Sequence[str] = (), order: str = "") -> tuple[datetime, bool] | None:
    """(the moment in UTC, whether only the day was told); None for an empty cell. Without a zone it is local to `zone`.

    Reads ISO and loose dates (2016-4-1 9:12, 2016/4/1, 2016年4月1日 下午3点), compact ones (20160401091233), serial
    numbers of spreadsheets, seconds since 1970, months as words (22-Apr-15), numbers in the `order` of `dates.ORDERS`,
    and whatever `forms` (strptime) say. Raises RuleError `moment.unread`.
    """
    if type(cell) is str and len(cell) == 19 and cell[10] in " T":  # nearly all: the zone is worked out once for them
        try:
            year, offset = _settled(zone)
            if cell[:4] > year:
                return datetime.fromisoformat(cell + "+00:00") - offset, False
        except ValueError:
            pass
    told = cell if isinstance(cell, int | float) and not isinstance(cell, bool) else text(cell)
    if told == "":
        return None
    try:
        local, day_only = _number(told) if not isinstance(told, str) else _written(told, forms, order)
        known = local if local.tzinfo else local.replace(tzinfo=_zone(zone))
        return known.astimezone(UTC), day_only
    except (ValueError, OverflowError):
        raise RuleError(
            "moment.unread",
            _("读不出日期“%(value)s”：请写成 2016-04-01 09:12:33 这样的形式，或说明日期写法。")
            % {"value": str(told)[:40]},
        ) from None


def _number(told: float) -> tuple[datetime, bool]:
    if _SERIALS[0] <= told <= _SERIALS[1]:
        whole = _SERIAL_DAY + timedelta(seconds=round(told * 86400))
        return whole, float(told).is_integer()
    if 1e9 <= told < 4e9:
        return datetime.fromtimestamp(told, UTC), False
    if 1e12 <= told < 4e12:
        return datetime.fromtimestamp(told / 1000, UTC), False
    return _written(str(int(told)), (), "")


def _written(told: str, forms: Sequence[str], order: str) -> tuple[datetime, bool]:
    if len(told) >= 10 and told[4] == "-" and told[7] == "-":
        try:
            return datetime.fromisoformat(told), len(told) == 10
        except ValueError:
            pass
    for form in forms:
        try:
            return datetime.strptime(told, form), "%H" not in form and "%I" not in form  # noqa: DTZ007 - zone follows
        except ValueError:
            continue
    match = _COMPACT.fullmatch(told) or _LOOSE.fullmatch(told)
    if match is not None:
        return _parts(match)
    return dates.read(told, order) or _number_in_words(told)


def _number_in_words(told: str) -> tuple[datetime, bool]:
    number = float(told)
    if number.is_integer() and number > _SERIALS[1] and len(told.split(".")[0]) not in (10, 13):
        raise ValueError(told)
    return _number(number)


def _parts(match: re.Match[str]) -> tuple[datetime, bool]:
    compact = match.re is _COMPACT
    year, month, day = (int(part) for part in match.group(1, 2, 3))
    hour, minute, second = match.group(4, 5, 6) if compact else match.group(5, 6, 7)
    if hour is None:
        return datetime(year, month, day), True  # noqa: DTZ001 - the zone follows
    clock = int(hour)
    half = "" if compact else (match.group(4) or match.group(8) or "")
    if half in _AFTERNOON and clock < 12:
        clock += 12
    elif half in ("AM", "am", "凌晨") and clock == 12:
        clock = 0
    return datetime(year, month, day, clock, int(minute or 0), int(second or 0)), False  # noqa: DTZ001


def chosen(field: str, told: str, own: dict[str, Any] | None) -> str | int | None:
    """What a word of a field with fixed values stands for, by the mapping's own words and then the usual ones; None: unknown."""
    if own and told in own:
        known: str | int = own[told]
        return known
    usual = DEFAULTS.get(field)
    return usual.get(told) if usual else None
