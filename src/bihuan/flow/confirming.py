"""Written answers across rooms: what they hold up, and who is told when nobody confirmed one in time."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from bihuan.cases.actions import Fact
from bihuan.cases.models import Case
from bihuan.handling import confirming
from bihuan.kernel.errors import Conflict
from bihuan.notices import actions as notices
from bihuan.notices.actions import Telling


def check_closing(case: Case) -> None:
    """Refuse to close while nobody knows whether the answer arrived."""
    if confirming.awaits(case):
        message = _(
            "短信、邮件答复还没有得到客户确认，不能结单。请先打电话确认并记录，或回访到客户；确实联系不上的走例外结单。"
        )
        raise Conflict("closure.unconfirmed", message, field="confirmation")


def missed(facts: Sequence[Fact]) -> None:
    """Of the watch's facts, those that say a confirmation did not come: the cases are marked, their handlers told to phone
    again. In the watch's transaction; nothing is asked where there are none."""
    over = {
        fact.case_id: fact
        for fact in facts
        if fact.kind == "deadline_breached" and fact.payload.get("deadline") == confirming.KIND
    }
    if not over:
        return
    told = [
        Telling("confirmation_missed", [case.handler_id], case.id, {"due": over[case.id].payload["limit"]})
        for case in confirming.overdue(sorted(over))
        if case.handler_id
    ]
    notices.tell_many(told)
