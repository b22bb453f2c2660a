"""What crews still owe on a case when its final answer is about to leave."""

from django.utils.translation import gettext as _

from bihuan.cases.models import Case
from bihuan.fieldwork import orders_queries, queries
from bihuan.fieldwork.orders_rules import OPEN
from bihuan.fieldwork.rules import AHEAD
from bihuan.kernel.errors import RuleError


def standing(case_id: int) -> dict[str, list[int]]:
    """Numbers of the `visits` agreed and `repairs` ordered that are not over; only the kinds there are. Two statements."""
    found = {
        "visits": [one.pk for one in queries.of_case(case_id) if one.status in AHEAD],
        "repairs": [one.pk for one in orders_queries.of_case(case_id) if one.status in OPEN],
    }
    return {kind: numbers for kind, numbers in found.items() if numbers}


def words(found: dict[str, list[int]]) -> list[str]:
    """The same for people, one line a kind."""
    told = {"visits": _("已约定的上门 %(count)d 次"), "repairs": _("未完成的维修单 %(count)d 张")}
    return [told[kind] % {"count": len(numbers)} for kind, numbers in found.items()]


def check(case: Case, despite: bool) -> dict[str, list[int]]:
    """What stands, for the record. Raises `RuleError` `reply.standing` unless the writer confirmed it (`despite`)."""
    found = standing(case.id)
    if found and not despite:
        message = _("还有%(what)s。确认现在就作最终答复，请勾选确认；否则请等完成，或先取消、撤销。")
        told = message % {"what": _("、").join(words(found))}
        raise RuleError("reply.standing", told, field="despite", status=409, data=found)
    return found
