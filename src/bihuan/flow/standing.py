"""What speaks against a final answer now: what crews still owe on the case, or no call tried before writing."""

from django.utils.translation import gettext as _

from bihuan.cases.models import Case
from bihuan.fieldwork import orders_queries, queries
from bihuan.fieldwork.orders_rules import OPEN
from bihuan.fieldwork.rules import AHEAD
from bihuan.handling import confirming
from bihuan.kernel.errors import RuleError

UNPHONED = "unphoned"
"""No call was tried before a written answer; there is nothing to number."""


def standing(case_id: int) -> dict[str, list[int]]:
    """Numbers of the `visits` agreed and `repairs` ordered that are not over; only the kinds there are. Two statements."""
    found = {
        "visits": [one.pk for one in queries.of_case(case_id) if one.status in AHEAD],
        "repairs": [one.pk for one in orders_queries.of_case(case_id) if one.status in OPEN],
    }
    return {kind: numbers for kind, numbers in found.items() if numbers}


def words(found: dict[str, list[int]]) -> list[str]:
    """The same for people, one line a kind."""
    told = {
        "visits": _("已约定的上门 %(count)d 次"),
        "repairs": _("未完成的维修单 %(count)d 张"),
        UNPHONED: _("没有先打电话"),
    }
    return [told[kind] % {"count": len(numbers)} for kind, numbers in found.items()]


def check(case: Case, means: str, despite: bool) -> dict[str, list[int]]:
    """What stands, for the record. Raises `RuleError` `reply.standing`, or `reply.unphoned` where that is all, unless the
    writer confirmed it (`despite`)."""
    found = standing(case.id)
    if means in confirming.WRITTEN and not confirming.phoned(case):
        found[UNPHONED] = []
    if found and not despite:
        if set(found) == {UNPHONED}:
            told = _("答复先打电话，打不通再用短信或邮件。请先联系客户并记录；确需现在就用文字答复的，请勾选确认。")
            raise RuleError("reply.unphoned", told, field="despite", status=409, data=found)
        message = _("还有%(what)s。确认现在就作最终答复，请勾选确认；否则请等完成，或先取消、撤销。")
        told = message % {"what": _("、").join(words(found))}
        raise RuleError("reply.standing", told, field="despite", status=409, data=found)
    return found
