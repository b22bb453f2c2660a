"""Two complaints in Wuxi answered by text message: one customer confirmed on her page, the other has not yet."""

from datetime import datetime, timedelta

from bihuan.cases.actions import CUSTOMER, Doer
from bihuan.cases.models import Case, CaseEvent
from bihuan.flow import actions as flow
from bihuan.handling import confirming
from bihuan.identity.viewer import Viewer
from bihuan.kernel import clock

_ROOM = timedelta(hours=2)
"""A case has to have been quiet for so long that something can be played on it before now."""
_TEXT = "您反映的问题已处理：处理人{name}，原因为线路接头老化，已于今日更换接头并复测正常。"


def play(viewers: dict[str, Viewer], now: datetime) -> dict[str, int]:
    """In the caller's transaction, after everything else and in another city: no story is left without its case."""
    people = {viewer.staff_id: viewer for viewer in viewers.values()}
    made = 0
    for case in _phoned(now):
        handler = people.get(case.handler_id or 0)
        if handler is None or made == 2:
            continue
        with clock.at(now - timedelta(minutes=95 - 20 * made)):
            flow.answer(case, Doer.of(handler), "sms", _TEXT.format(name=handler.name))
        if not made:
            with clock.at(now - timedelta(minutes=50)):
                confirming.confirm(case, CUSTOMER)
        made += 1
    return {"texted": made}


def _phoned(now: datetime) -> list[Case]:
    """Cases at work in Wuxi whose customer was phoned, locked, the newest first."""
    at_work = Case.objects.select_for_update().filter(city_id=320200, status="in_handling", handler_id__isnull=False)
    cases = [case for case in at_work.order_by("-id") if confirming.phoned(case)]
    newest = CaseEvent.objects.filter(case_id__in=[case.pk for case in cases]).order_by("case_id", "-seq")
    last = dict(newest.distinct("case_id").values_list("case_id", "recorded_at"))
    return [case for case in cases if last[case.pk] < now - _ROOM]
