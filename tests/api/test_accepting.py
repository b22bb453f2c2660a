"""Scope review and classification over the API."""

from api.api_cast import As, fresh
from bihuan.cases.models import CaseEvent
from cast import Cast


def test_accepting_with_a_category_classifies_too(cast: Cast, api: As) -> None:
    case = cast.case()
    answer = api("an").step(case, "acceptance", {"category": "N0101"})
    assert (answer.status, answer.json["complaint"]["status"]) == (201, "accepted")
    assert answer.json["complaint"]["category"]["code"] == "N0101"
    assert fresh(case).accepted_at is not None
    assert answer.headers["Location"] == f"/api/v1/complaints/{case.number}"


def test_declining_tells_the_customer_the_reason(cast: Cast, api: As) -> None:
    case = cast.case()
    answer = api("an").step(case, "acceptance", {"accepted": False, "reason": "other_operator", "note": "已核对号段"})
    assert answer.json["complaint"]["status"] == "declined"
    event = CaseEvent.objects.get(case_id=case.id, kind="declined")
    assert event.payload["reason"] == "other_operator" and event.payload["told"]


def test_declining_without_a_reason_is_refused(cast: Cast, api: As) -> None:
    case = cast.case()
    answer = api("an").step(case, "acceptance", {"accepted": False})
    assert (answer.status, answer.code, answer.json["field"]) == (422, "decline.reason", "reason")
    assert fresh(case).status == "registered"


def test_what_is_accepted_already_is_a_conflict_that_names_the_possible_steps(cast: Cast, api: As) -> None:
    case = cast.case()
    assert api("an").step(case, "acceptance", {}).status == 201
    answer = api("an", language="en").step(case, "acceptance", {})
    assert (answer.status, answer.code) == (409, "case.state")
    assert "dispatched" in answer.json["data"]["allowed"] and "Accepted" in answer.json["detail"]


def test_classifying_sets_what_was_decided(cast: Cast, api: As) -> None:
    case = cast.case()
    body = {
        "category": "N0101",
        "urgency": "urgent",
        "impact": "wide",
        "complexity": "complex",
        "service_type": "fault",
    }
    told = api("an").step(case, "classification", body).json["complaint"]
    assert (told["urgency"], told["priority"]) == ("urgent", 1)
    changed = fresh(case)
    assert (changed.impact, changed.complexity, changed.service_type) == (4, 3, "fault")
    for field, value in (("category", "X9"), ("product", "X9"), ("urgency", "very"), ("dispute", 5)):
        answer = api("an").step(case, "classification", {**body, field: value})
        assert (answer.status, answer.json["field"]) == (422, field)
