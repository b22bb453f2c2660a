"""`POST /api/v1/complaints` through the ASGI application: durable when answered, gathered, and only that request."""

import json
from typing import Any

import httpx
import psycopg
import pytest
from asgiref.sync import sync_to_async

from api.asgi_cast import COMPLAINT, Wire, told
from bihuan.api.v1 import hot
from bihuan.cases.models import Case, CaseEvent
from bihuan.cases.verify import verify
from bihuan.customers.queries import masks_of
from bihuan.identity import tokens
from bihuan.identity.models import Token
from cast import Cast

pytestmark = pytest.mark.django_db
PATH = "/api/v1/complaints"


def request(body: Any = None, **headers: str) -> dict[str, Any]:
    return {
        "method": "POST",
        "url": PATH,
        "content": json.dumps(body or COMPLAINT).encode(),
        "headers": {"Content-Type": "application/json", **{k.replace("_", "-"): v for k, v in headers.items()}},
    }


def test_it_answers_number_promise_and_address(wire: Wire, house: Cast) -> None:
    answer = wire.post(told(demand="请尽快修复"))
    body = answer.json()
    assert answer.status_code == 201 and answer.headers["content-type"] == "application/json"
    assert answer.headers["location"] == body["href"] == f"{PATH}/{body['number']}"
    assert body["status"] == "registered" and body["promised_at"] and answer.headers["cache-control"] == "no-store"
    case = Case.objects.get(number=body["number"])
    assert (case.registered_by_id, case.holder_unit_id) == (house.an.pk, house.units["sc_cz"].pk)
    assert masks_of([case.party_id])[case.party_id]["phone"] == "139****5678"
    assert CaseEvent.objects.get(case_id=case.id).source == "api"


def test_many_at_once_are_all_registered_each_once(wire: Wire) -> None:
    before = Case.objects.count()
    answers = wire.send(*(request(told(content=f"第 {place} 件：没有信号")) for place in range(60)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["number"] for answer in answers}) == 60 == Case.objects.count() - before
    assert list(verify()) == []


def test_other_methods_of_the_same_address_reach_the_list(wire: Wire) -> None:
    number = wire.post(told()).json()["number"]
    listed, head, options, slash = wire.send(
        {"method": "GET", "url": PATH},
        {"method": "HEAD", "url": PATH},
        {"method": "PUT", "url": PATH},
        {"method": "POST", "url": f"{PATH}/", **{k: v for k, v in request().items() if k not in {"method", "url"}}},
    )
    assert number in {item["number"] for item in listed.json()["items"]}
    assert head.status_code == 200
    assert (options.status_code, options.headers["allow"]) == (405, "GET, POST")
    assert slash.status_code == 201


def test_a_token_of_a_system_speaks_for_that_system(wire: Wire, house: Cast) -> None:
    token = house.token("sys", "case.register", "case.read", source_system="EMOS")
    answer = wire.post(told(source_number="W-1", source_system="other"), Authorization=f"Bearer {token}")
    case = Case.objects.get(number=answer.json()["number"])
    assert (case.source_system, case.source_number) == ("EMOS", "W-1")
    assert case.holder_unit_id == house.units["sc_cz"].pk


def test_without_a_database_it_asks_to_try_again(wire: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    async def away() -> Any:
        raise psycopg.OperationalError("no server")

    monkeypatch.setattr(hot, "_connect", away)
    before = Case.objects.count()
    answer = wire.post(told(), Accept_Language="en")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")
    assert answer.json()["code"] == "intake.unavailable" and "Idempotency-Key" in answer.json()["detail"]
    assert Case.objects.count() == before


def test_what_only_the_database_refuses_spoils_nothing_else(wire: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    plain = hot._drive

    async def refusing(connection: Any, drafts: Any, context: Any) -> Any:
        if any("毒" in draft.complaint.content for draft in drafts):
            raise psycopg.errors.NumericValueOutOfRange
        return await plain(connection, drafts, context)

    monkeypatch.setattr(hot, "_drive", refusing)
    answers = wire.send(*(request(told(content="毒" if place == 3 else f"第 {place} 件")) for place in range(8)))
    assert [answer.status_code for answer in answers] == [503 if place == 3 else 201 for place in range(8)]


def test_a_right_taken_away_is_gone_within_a_moment(wire: Wire, house: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hot, "_STALE_AFTER", 0)
    token = house.token("bo", "case.register")

    def revoke() -> None:
        tokens.revoke(Token.objects.get(digest=tokens.digest_of(token)).pk, None)

    async def before_and_after(client: httpx.AsyncClient) -> list[int]:
        first = await client.request(**request(Authorization=f"Bearer {token}"))
        await sync_to_async(revoke)()
        second = await client.request(**request(Authorization=f"Bearer {token}"))
        return [first.status_code, second.status_code]

    assert wire.talk(before_and_after) == [201, 401]
