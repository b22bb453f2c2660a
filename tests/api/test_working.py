"""Contact, wait, resume, reply over the API."""

from datetime import timedelta

from api.api_cast import As, fresh
from bihuan.cases.models import Case
from bihuan.handling.models import Reply
from bihuan.kernel import clock
from cast import Cast

REPLY = {
    "means": "sms",
    "text": "基站断电，已恢复供电，客户确认信号正常。",
    "solution": "更换电源模块",
    "despite": True,
}
"""In writing although no call was tried: confirmed."""


def test_a_contact_starts_the_handling(cast: Cast, api: As, received: Case) -> None:
    assert api("ma").step(received, "contacts", {"means": "call"}).json["field"] == "note"
    told = api("ma").step(received, "contacts", {"means": "call", "note": "约明天上门"}).json["complaint"]
    assert told["status"] == "in_handling" and fresh(received).contacted_at is not None


def test_waiting_for_an_agreed_reason_pauses_and_resumes(cast: Cast, api: As, received: Case) -> None:
    handler = api("ma")
    past = (clock.now() - timedelta(hours=1)).isoformat()
    wrong = [
        ({}, "reason"),
        ({"reason": "lazy"}, "reason"),
        ({"reason": "customer_time", "until": past}, "until"),
        ({"reason": "customer_time", "until": "2026-01-01T00:00:00"}, "until"),
    ]
    for body, field in wrong:
        answer = handler.step(received, "waits", body)
        assert (answer.status, answer.json["field"]) == (422, field)
    until = (clock.now() + timedelta(days=1)).isoformat()
    told = handler.step(received, "waits", {"reason": "customer_time", "until": until, "note": "改约"}).json[
        "complaint"
    ]
    assert (told["status"], told["paused"]) == ("waiting", True)
    told = handler.step(received, "resumptions").json["complaint"]
    assert (told["status"], told["paused"]) == ("in_handling", False)
    assert handler.step(received, "resumptions").status == 409


def test_an_interim_reply_leaves_it_open_and_the_final_one_ends_the_dispatch(
    cast: Cast, api: As, received: Case
) -> None:
    handler = api("ma")
    assert handler.step(received, "replies", {**REPLY, "final": False}).json["complaint"]["status"] == "received"
    assert handler.step(received, "replies", {**REPLY, "text": "好"}).json["field"] == "text"
    assert handler.step(received, "replies", {**REPLY, "means": "pigeon"}).json["field"] == "means"
    told = handler.step(received, "replies", {**REPLY, "accepted": True}).json["complaint"]
    assert told["status"] == "replied" and told["replied_at"]
    assert list(Reply.objects.order_by("id").values_list("final", flat=True)) == [False, True]


def test_answered_on_the_spot_it_is_accepted_in_the_same_step(cast: Cast, api: As) -> None:
    case = cast.case()
    told = api("an").step(case, "replies", REPLY).json["complaint"]
    assert told["status"] == "replied"
    after = fresh(case)
    assert after.accepted_at is not None and after.dispatched_at is None


def test_a_refused_step_leaves_nothing(cast: Cast, api: As, received: Case) -> None:
    before = fresh(received)
    assert api("ma").step(received, "replies", {**REPLY, "text": "断网\x00了"}).json["field"] == "text"
    assert api("ma").step(received, "waits", {"reason": "customer_time", "note": "\ud83d"}).status == 400
    after = fresh(received)
    assert (after.version, bytes(after.last_hash)) == (before.version, bytes(before.last_hash))
