"""Care calls, interviews, requests and reviews over the API."""

from datetime import timedelta

from api.api_cast import As, fresh
from bihuan.cases.models import Case
from bihuan.kernel import clock
from bihuan.revisit import editing
from bihuan.revisit.models import Rule, Sheet
from bihuan.triage import actions as triage
from cast import Cast


def test_a_closed_complaint_is_cared_for_interviewed_and_reviewed(cast: Cast, api: As, replied: Case) -> None:
    editing.edit_rule(Rule.objects.get(category="").pk, {"care_days": 1}, cast.gu.id)
    re = api("re")
    body = {"satisfaction": "satisfied", "closing": {"cause": "N1111", "evidence_kinds": ["kpi"], "system_cause": True}}
    assert re.step(replied, "revisits", body).json["complaint"]["status"] == "closed"
    questions = len(Sheet.objects.get(code="visit").questions)
    assert re.step(replied, "interviews", {"sheet": "visit", "answers": ["热线"]}).json["field"] == "answers"
    assert (
        re.step(replied, "interviews", {"sheet": "visit", "answers": ["热线"] + [""] * (questions - 1)}).status == 201
    )
    with clock.at(clock.now() + timedelta(days=1, hours=1)):
        assert re.step(replied, "care-calls", {"outcome": "back", "note": "又断了"}).json["field"] == "then"
        assert re.step(replied, "care-calls", {"outcome": "fine"}).status == 201
    judged = api("ji").step(replied, "pass-on-reviews", {"solvable": True, "lacks": ["knowledge"]})
    if fresh(replied).dispatched_at is not None:
        assert judged.status == 201
        assert api("ji").get("/pass-on-findings").json["items"][0]["lacks"] == {"knowledge": 1}
    assert api("fe").get("/ratings").json == {"items": [], "after": None}


def test_an_enquiry_is_handed_on_and_worked_by_its_unit(cast: Cast, api: As) -> None:
    case = cast.case(content="想了解企业专线资费")
    told = {"kind": "lead", "unit": "mk_cz", "wish": "两条专线"}
    assert api("di").step(case, "requests", told).code == "request.complaint"
    triage.classify(
        Case.objects.select_for_update().get(pk=case.pk), cast.doer("di"), category="N0101", service_type="enquiry"
    )
    assert api("di").step(case, "requests", told).json["complaint"]["status"] == "converted"
    (item,) = api("mk").get("/requests?state=unfinished").json["items"]
    address = f"/requests/{item['number']}/steps"
    assert api("mk").post(address, {"step": "taking"}).json["state"] == "in_work"
    assert api("mk").post(address, {"step": "win", "note": "签约", "worth": 9800.5}).json["worth"] == 9800.5
    assert api("mk").get(f"/requests/{item['number']}").json["complaint"] == case.number
    assert api("ma_wx").get(f"/requests/{item['number']}").status == 404
