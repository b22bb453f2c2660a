"""Dispatch, recall, receive, return over the API."""

from api.api_cast import As, fresh
from bihuan.cases.models import Case, CaseEvent
from cast import Cast


def test_it_goes_where_the_rules_say(cast: Cast, api: As) -> None:
    case = cast.case()
    assert api("di").step(case, "acceptance", {"category": "N0101"}).status == 201
    told = api("di").step(case, "dispatches", {"by_rule": True}).json["complaint"]
    assert (told["status"], told["unit"]["code"]) == ("dispatched", "mt_cz")
    assert CaseEvent.objects.get(case_id=case.id, kind="dispatched").payload["rule"]["code"]


def test_it_goes_to_a_named_person_with_demands(cast: Cast, api: As) -> None:
    case = cast.case()
    assert api("di").step(case, "acceptance", {}).status == 201
    body = {"unit": "mt_cz", "handler": "ma", "demands": "今天联系客户", "why": "客户要求"}
    told = api("di").step(case, "dispatches", body).json["complaint"]
    assert told["handler"] == "ma"
    event = CaseEvent.objects.get(case_id=case.id, kind="dispatched")
    assert (event.payload["demands"], event.why) == ("今天联系客户", "客户要求")


def test_a_unit_or_person_that_is_not_there_is_named(cast: Cast, api: As) -> None:
    case = cast.case()
    assert api("di").step(case, "acceptance", {}).status == 201
    wrong = [
        ({}, "unit"),
        ({"unit": "nowhere"}, "unit"),
        ({"unit": "mt_cz", "handler": "nobody"}, "handler"),
        ({"unit": "mt_cz", "handler": "mk"}, "handler"),
    ]
    for body, field in wrong:
        answer = api("di").step(case, "dispatches", body)
        assert (answer.status, answer.json["field"]) == (422, field), body
    assert fresh(case).status == "accepted"


def test_where_no_rule_fits_it_says_so(cast: Cast, api: As, dispatched: Case) -> None:
    from bihuan.dispatch.models import Rule

    assert api("di").step(dispatched, "recalls", {"why": "派错"}).status == 201
    Rule.objects.update(active=False)
    answer = api("di").step(dispatched, "dispatches", {"by_rule": True})
    assert (answer.status, answer.code) == (409, "dispatch.no_rule")


def test_receiving_makes_the_receiver_its_handler(cast: Cast, api: As, dispatched: Case) -> None:
    answer = api("ma").step(dispatched, "receipts", {"assessment": "verify"})
    assert (answer.status, answer.json["field"]) == (422, "verify_with")
    told = api("ma").step(dispatched, "receipts", {"assessment": "verify", "verify_with": "计费"}).json["complaint"]
    assert (told["status"], told["handler"]) == ("received", "ma")


def test_returning_brings_it_back_to_the_service_centre(cast: Cast, api: As, dispatched: Case) -> None:
    for body, field in (({"reason": "wrong_unit"}, "note"), ({"reason": "tired", "note": "不想办"}, "reason")):
        answer = api("ma").step(dispatched, "returns", body)
        assert (answer.status, answer.json["field"]) == (422, field)
    told = api("ma").step(dispatched, "returns", {"reason": "wrong_unit", "note": "资费争议"}).json["complaint"]
    assert (told["status"], told["unit"]["code"]) == ("returned", "sc_cz")
    assert fresh(dispatched).return_count == 1


def test_recalling_needs_a_reason(cast: Cast, api: As, dispatched: Case) -> None:
    assert api("di").step(dispatched, "recalls", {"why": ""}).json["field"] == "why"
    assert api("di").step(dispatched, "recalls", {"why": "派错部门"}).json["complaint"]["status"] == "recalled"
