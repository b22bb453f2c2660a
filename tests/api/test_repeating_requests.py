"""`Idempotency-Key`: sent again, a request is not done again; for anything else the key is refused."""

import json
from datetime import timedelta

import pytest

from api.api_cast import As
from api.asgi_cast import COMPLAINT, Wire, told
from bihuan.api import tidying
from bihuan.api.models import KeptAnswer
from bihuan.cases.models import Case, CaseEvent
from bihuan.customers.models import Use
from bihuan.identity import roles
from bihuan.intake.models import Answered
from bihuan.kernel import clock
from cast import Cast

NOTE = {"means": "call", "note": "已联系客户，约明天上午上门"}


def test_a_step_sent_again_is_done_once_and_answered_alike(cast: Cast, api: As, received: Case) -> None:
    handler = api("ma")
    first = handler.step(received, "contacts", NOTE, Idempotency_Key="k1")
    again = handler.step(received, "contacts", NOTE, Idempotency_Key="k1")
    assert first.status == again.status == 201
    assert first.content == again.content
    assert again.headers["Idempotency-Replayed"] == "true" and "Idempotency-Replayed" not in first.headers
    assert CaseEvent.objects.filter(case_id=received.id, kind="contacted").count() == 1


def test_the_same_key_for_something_else_is_refused(cast: Cast, api: As, received: Case) -> None:
    handler = api("ma")
    assert handler.step(received, "contacts", NOTE, Idempotency_Key="k1").status == 201
    other_body = handler.step(received, "contacts", {**NOTE, "note": "另一次联系"}, Idempotency_Key="k1")
    other_step = handler.step(received, "resumptions", {}, Idempotency_Key="k1")
    assert (
        (other_body.status, other_body.code) == (other_step.status, other_step.code) == (409, "idempotency.key_reused")
    )
    assert other_body.json["field"] == "Idempotency-Key"
    assert CaseEvent.objects.filter(case_id=received.id, kind="contacted").count() == 1


def test_a_refused_request_may_be_mended_under_its_key(cast: Cast, api: As, received: Case) -> None:
    handler = api("ma")
    assert handler.step(received, "contacts", {"means": "call"}, Idempotency_Key="k1").status == 422
    assert handler.step(received, "contacts", NOTE, Idempotency_Key="k1").status == 201


def test_keys_of_different_tokens_do_not_meet(cast: Cast, api: As, received: Case) -> None:
    assert api("ma").step(received, "contacts", NOTE, Idempotency_Key="k1").status == 201
    other = api("ma", roles.READ, roles.HANDLE)
    assert other.step(received, "contacts", {**NOTE, "note": "又联系一次"}, Idempotency_Key="k1").status == 201


def test_revealed_data_is_never_kept_and_every_reading_is_registered(cast: Cast, api: As, received: Case) -> None:
    body = {"fields": ["phone"], "purpose": "contact"}
    handler = api("ma")
    for _time in range(2):
        assert handler.step(received, "reveals", body, Idempotency_Key="k1").json["fields"] == {"phone": "13912345678"}
    assert Use.objects.count() == 2
    assert not any(b"13912345678" in bytes(kept.body) for kept in KeptAnswer.objects.all())
    assert handler.step(received, "reveals", {**body, "purpose": "visit"}, Idempotency_Key="k1").status == 409


def test_an_answer_names_an_earlier_complaint_only_to_those_for_whom_it_exists(cast: Cast, api: As) -> None:
    ordered = told(category="N0101", source_system="EMOS", source_number="B-1")
    earlier = api("an_wx").post("/complaints", ordered | {"area": "320211"}).json["number"]
    for name, named in (("an", None), ("an_wx", earlier)):
        again = [api(name).post("/complaints", told(category="N0101"), Idempotency_Key=name) for _time in range(2)]
        assert [answer.json["repeat_of"] for answer in again] == [named, named]
        taken = api(name).post("/complaints", ordered)
        assert taken.code == "complaint.source_exists" and taken.json.get("data", {}).get("number") == named
        assert (earlier in taken.content.decode()) == (named is not None)
        Case.objects.exclude(number=earlier).update(status="withdrawn")


@pytest.mark.django_db
class TestComplaints:
    """The same for the posted complaint, through the gathering path."""

    def test_a_complaint_sent_again_is_one_complaint(self, wire: Wire) -> None:
        first, again = (wire.post(told(), Idempotency_Key="twice") for _time in range(2))
        assert first.status_code == again.status_code == 201
        assert first.json()["number"] == again.json()["number"]
        assert wire.post(told(content="另一件"), Idempotency_Key="twice").status_code == 409

    def test_sent_many_times_at_once_it_is_still_one(self, wire: Wire) -> None:
        before = Case.objects.count()
        request = {
            "method": "POST",
            "url": "/api/v1/complaints",
            "content": json.dumps(COMPLAINT).encode(),
            "headers": {"Content-Type": "application/json", "Idempotency-Key": "flood"},
        }
        answers = wire.send(*([request] * 12))
        assert {answer.status_code for answer in answers} <= {201, 409}
        assert len({answer.json()["number"] for answer in answers if answer.status_code == 201}) == 1
        assert Case.objects.count() == before + 1
        last = wire.send(request)[0]
        assert last.status_code == 201

    def test_a_source_number_is_registered_once(self, wire: Wire) -> None:
        body = told(source_system="EMOS", source_number="A-1")
        number = wire.post(body).json()["number"]
        again = wire.post(told(source_system="EMOS", source_number="A-1", content="换了内容"))
        assert again.status_code == 409 and again.json()["data"]["number"] == number


@pytest.mark.django_db
def test_kept_answers_are_forgotten_after_a_month(cast: Cast) -> None:
    for days, key in ((31, "old"), (1, "new")):
        Answered.objects.create(
            token_id=1, key=key, body_digest=b"x", case_id=cast.case().id, at=clock.now() - timedelta(days=days)
        )
    tidying.run()
    assert list(Answered.objects.filter(key__in=["old", "new"]).values_list("key", flat=True)) == ["new"]
