"""Revisit, close, reopen, withdraw, chase, add material, merge over the API."""

from api.api_cast import As, fresh
from bihuan.cases.models import Case
from cast import Cast

REPLY = {"means": "call", "text": "已再次处理并测试，信号恢复。"}


def test_a_dissatisfied_customer_sends_it_back(cast: Cast, api: As, replied: Case) -> None:
    told = api("re").step(replied, "revisits", {"satisfaction": "dissatisfied", "note": "还是没有信号"})
    assert told.json["complaint"]["status"] == "reopened"
    assert fresh(replied).reopen_count == 1


def test_a_satisfied_customer_lets_it_close(cast: Cast, api: As, replied: Case) -> None:
    revisitor = api("re")
    assert revisitor.step(replied, "closure", {"cause": "N1111"}).status == 409
    assert revisitor.step(replied, "revisits", {"reached": False}).json["complaint"]["status"] == "in_revisit"
    assert revisitor.step(replied, "revisits", {}).json["field"] == "satisfaction"
    assert revisitor.step(replied, "revisits", {"satisfaction": "satisfied"}).status == 201
    assert revisitor.step(replied, "closure", {"cause": "no such"}).json["field"] == "cause"
    told = revisitor.step(replied, "closure", {"cause": "N1111", "evidence_kinds": ["kpi"], "system_cause": True})
    assert told.json["complaint"]["status"] == "closed" and told.json["complaint"]["ended_at"]
    assert revisitor.step(replied, "closure", {"cause": "N1111"}).code == "case.state"


def test_closing_in_one_step_needs_the_right_to_close(cast: Cast, api: As, replied: Case) -> None:
    body = {"satisfaction": "satisfied", "closing": {"cause": "N1111", "evidence_kinds": ["kpi"], "system_cause": True}}
    assert api("re", "case.read", "case.revisit").step(replied, "revisits", body).status == 403
    assert fresh(replied).status == "replied"
    assert api("re").step(replied, "revisits", body).json["complaint"]["status"] == "closed"


def test_an_exception_waits_for_the_word_of_an_approver_who_is_another(cast: Cast, api: As, replied: Case) -> None:
    revisitor = api("re")
    assert revisitor.step(replied, "revisits", {"reached": False}).status == 201
    body = {"cause": "N1111", "exception": "refused", "note": "客户拒绝回访"}
    for approver in ("nobody", "re", "ma"):
        answer = revisitor.step(replied, "closing-requests", {**body, "approved_by": approver})
        assert (answer.status, answer.json["field"]) == (422, "approved_by"), approver
    early = revisitor.step(replied, "closing-requests", {**body, "exception": "unreachable", "approved_by": "du"})
    assert early.code == "closure.reachable"
    told = revisitor.step(replied, "closing-requests", {**body, "approved_by": "du"}).json["complaint"]
    assert told["status"] == "in_revisit"
    assert api("li").step(replied, "closing-decisions", {"approved": True}).status == 403
    assert api("du").step(replied, "closing-decisions", {"approved": True}).json["complaint"]["status"] == "closed"


def test_a_closed_complaint_comes_back_when_the_trouble_does(cast: Cast, api: As, replied: Case) -> None:
    body = {"satisfaction": "satisfied", "closing": {"cause": "N1111", "evidence_kinds": ["kpi"], "system_cause": True}}
    assert api("re").step(replied, "revisits", body).status == 201
    assert api("di").step(replied, "reopenings", {"reason": "bored"}).json["field"] == "reason"
    told = api("di").step(replied, "reopenings", {"reason": "recurred", "note": "又断了"}).json["complaint"]
    assert (told["status"], told["ended_at"]) == ("reopened", None)


def test_staff_withdraw_only_on_a_call_or_letter(cast: Cast, api: As, received: Case) -> None:
    assert api("an").step(received, "withdrawal", {"proven_by": "code", "note": "x"}).json["field"] == "proven_by"
    assert api("an").step(received, "withdrawal", {"proven_by": "call", "note": "  "}).json["field"] == "note"
    told = api("an").step(received, "withdrawal", {"proven_by": "call", "note": "客户来电撤诉"}).json["complaint"]
    assert told["status"] == "withdrawn"
    assert api("an").step(received, "chasers", {"channel": "hotline"}).status == 409


def test_a_chaser_makes_it_more_urgent(cast: Cast, api: As, received: Case) -> None:
    before = received.priority
    assert api("an").step(received, "chasers", {"channel": "pigeon"}).json["field"] == "channel"
    told = api("an").step(received, "chasers", {"channel": "hotline", "text": "又来催"}).json["complaint"]
    assert told["priority"] == before - 1


def test_material_needs_words_or_a_file(cast: Cast, api: As, received: Case) -> None:
    assert api("an").step(received, "materials", {"channel": "hotline"}).json["field"] == "text"
    assert api("an").step(received, "materials", {"channel": "hotline", "text": "电梯里也没有"}).status == 201


def test_one_is_merged_into_another_of_the_same_customer(cast: Cast, api: As, received: Case) -> None:
    case = cast.case()
    told = api("di").step(case, "merges", {"into": received.number, "why": "同一问题"}).json["complaint"]
    assert told["status"] == "merged"
    assert api("di").get(f"/complaints/{case.number}").json["merged_into"] == received.number
    assert api("di").step(case, "merges", {"into": received.number}).status in (409, 422)


def test_strangers_and_what_is_not_there_cannot_be_merged_into(cast: Cast, api: As) -> None:
    case = cast.case()
    other = cast.case(customer=type(cast.complaint().customer)(name="李四", phone="13800001111"))
    foreign = cast.case("an_wx", area="320211")
    merge = api("di")
    assert merge.step(case, "merges", {"into": other.number}).code == "merge.strangers"
    assert merge.step(case, "merges", {"into": case.number}).code == "merge.survivor"
    assert merge.step(case, "merges", {"into": foreign.number}).status == 404
    assert merge.step(case, "merges", {"into": ""}).json["field"] == "into"
    assert fresh(case).status == "registered"
