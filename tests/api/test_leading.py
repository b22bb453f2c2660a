"""Supervision and questions over the API."""

from datetime import timedelta

from api.api_cast import As
from bihuan.identity.models import Shift
from bihuan.kernel import clock
from cast import Cast


def test_supervised_reported_and_judged(cast: Cast, api: As) -> None:
    case = cast.case()
    assert api("di").step(case, "acceptance", {}).status == 201
    assert api("an").step(case, "supervision", {"demand": "两天内"}).status == 403
    assert api("gu").step(case, "supervision", {"demand": "两天内恢复"}).status == 201
    assert api("di").step(case, "supervision-reports", {"text": "已派抢修"}).status == 201
    listed = api("gu").get("/supervision").json["items"]
    assert [(one["complaint"], one["reports"], one["late"]) for one in listed] == [(case.number, 1, False)]
    assert api("di_wx").get("/supervision").json["items"] == []
    assert api("gu").step(case, "supervision-verdict", {"verdict": "met"}).status == 201
    assert [one["verdict"] for one in api("gu").get("/supervision?state=ended").json["items"]] == ["met"]


def test_asked_and_answered(cast: Cast, api: As) -> None:
    now = clock.now()
    Shift.objects.create(
        unit=cast.units["sc_cz"], staff=cast.du, kind="manager", starts_at=now, ends_at=now + timedelta(hours=8)
    )
    case = cast.case()
    assert api("an").step(case, "questions", {"text": "能当场赔偿吗？"}).status == 201
    waiting = api("du").get("/questions").json["items"]
    assert [one["text"] for one in waiting] == ["能当场赔偿吗？"]
    assert api("bo").step(case, "answers", {"question": waiting[0]["id"], "text": "可以"}).status == 403
    assert api("du").step(case, "answers", {"question": waiting[0]["id"], "text": "可以"}).status == 201
    assert api("an").get("/questions?which=asked").json["items"][0]["answer"] == "可以"
    assert api("an").step(case, "questions", {"text": "请示", "kind": "plea", "to": "nobody"}).status == 422
