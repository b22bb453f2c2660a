"""Bad input at the posted complaint, through the real ASGI application: a clear 4xx naming field and reason, nothing stored."""

import json
from typing import Any

import pytest

from api.asgi_cast import COMPLAINT, Wire, told
from bihuan.cases.models import Case
from bihuan.customers.models import Party
from bihuan.kernel import clock
from bihuan.kernel.models import Message
from cast import Cast

pytestmark = pytest.mark.django_db
GOOD = json.dumps(COMPLAINT).encode()


def stored() -> tuple[int, int, int]:
    """How much there is."""
    return Case.objects.count(), Party.objects.count(), Message.objects.count()


def refused(wire: Wire, content: Any, status: int, field: str, **headers: str) -> dict[str, Any]:
    """Post it; assert status, field, words in both languages, and that nothing was stored."""
    before = stored()
    chinese = wire.post(content, **headers)
    english = wire.post(content, **{"Accept_Language": "en-GB,en;q=0.9", **headers})
    assert stored() == before
    for answer in (chinese, english):
        assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json"), answer.text
        assert answer.json()["field"] == field, answer.text
    assert _han(chinese.json()["detail"]) and _han(chinese.json()["title"])
    assert not _han(english.json()["title"]) and not _han(english.json()["detail"].partition("“")[0]), english.text
    body: dict[str, Any] = chinese.json()
    return body


def _han(text: str) -> bool:
    return any("\u4e00" <= mark <= "\u9fff" for mark in text)


BROKEN = {
    "nothing": b"",
    "no json": b"channel=hotline",
    "cut off": GOOD[:-20],
    "a comma too many": b'{"channel": "hotline",, }',
    "no utf-8": GOOD.replace(b"320412", b"\xff\xfe"),
    "half a surrogate": b'{"channel": "hotline", "content": "\\ud83d broken", "customer": {}}',
    "the other half": b'{"channel": "hotline", "content": "\\ude00 broken", "customer": {}}',
    "a byte order mark": b"\xef\xbb\xbf" + GOOD,
    "not a number": b'{"channel": NaN}',
}


@pytest.mark.parametrize("content", BROKEN.values(), ids=BROKEN.keys())
def test_what_is_no_json_is_refused(wire: Wire, content: bytes) -> None:
    refused(wire, content, 400, "body")


WRONG: dict[str, tuple[Any, str]] = {
    "a list": ([COMPLAINT], "body"),
    "a word": ("hotline", "body"),
    "nothing in it": ({}, "channel"),
    "content missing": ({"channel": "hotline", "customer": {"phone": "13912345678"}}, "content"),
    "customer missing": ({"channel": "hotline", "content": "断网"}, "customer"),
    "no way to reach her": (told(customer__phone=""), "customer.phone"),
    "unknown field": (told(colour="red"), "colour"),
    "unknown field inside": (told(customer__mood="angry"), "customer.mood"),
    "content empty": (told(content=""), "content"),
    "content blank": (told(content=" 　\n"), "content"),
    "content a number": (told(content=7), "content"),
    "content a list": (told(content=["断网"]), "content"),
    "content null": (told(content=None), "content"),
    "content over-long": (told(content="很" * 20_001), "content"),
    "name over-long": (told(customer__name="王" * 101), "customer.name"),
    "address over-long": (told(address="路" * 501), "address"),
    "unknown channel": (told(channel="pigeon"), "channel"),
    "unknown area": (told(area="999999"), "area"),
    "unknown area name": (told(area="不存在的地方"), "area"),
    "unknown category": (told(category="X9999"), "category"),
    "unknown product": (told(product="X9999"), "product"),
    "unknown urgency": (told(urgency="very"), "urgency"),
    "level a word": (told(customer__level="gold"), "customer.level"),
    "level too high": (told(customer__level=8), "customer.level"),
    "level a fraction": (told(customer__level=1.5), "customer.level"),
    "level enormous": (told(customer__level=10**30), "customer.level"),
    "phone of letters": (told(customer__phone="call me"), "customer.phone"),
    "tomorrow": (told(occurred_at="2999-01-01T00:00:00+08:00"), "occurred_at"),
    "before telephones": (told(occurred_at="1800-01-01T00:00:00+08:00"), "occurred_at"),
    "no zone": (told(occurred_at="2026-01-01T00:00:00"), "occurred_at"),
    "no date": (told(occurred_at="yesterday"), "occurred_at"),
    "the 30th of February": (told(occurred_at="2026-02-30T00:00:00+08:00"), "occurred_at"),
    "latitude 91": (told(location={"lat": 91, "lon": 0}), "location.lat"),
    "unknown datum": (told(location={"lat": 31, "lon": 119, "datum": "mars"}), "location.datum"),
    "relation": (told(relation="friend"), "relation"),
    "number without its system": (told(source_number="A1"), "source_system"),
    "a control character": (told(content="断网\x00了"), "content"),
    "a bell": (told(terminal="华为\x07"), "terminal"),
    "a line break in a line": (told(frequency="每天\n两次"), "frequency"),
    "control in extra": (told(extra={"k": "\x1b[31m"}), "extra.k"),
    "control in a name of extra": (told(extra={"\x00": "v"}), "extra"),
    "extra nested": (told(extra={"k": {"deep": 1}}), "extra"),
    "extra too many": (told(extra={f"k{n}": n for n in range(51)}), "extra"),
}


@pytest.mark.parametrize(("content", "field"), WRONG.values(), ids=WRONG.keys())
def test_what_does_not_fit_is_refused_with_its_field(wire: Wire, content: Any, field: str) -> None:
    assert refused(wire, content, 422, field)["code"]


def test_infinite_and_enormous_numbers_are_refused(wire: Wire) -> None:
    refused(wire, GOOD[:-1] + b', "extra": {"k": 1e999}}', 422, "extra")
    refused(wire, GOOD[:-1] + b', "extra": {"k": ' + b"9" * 5000 + b"}}", 422, "extra")


@pytest.mark.parametrize("opening", [b"[", b'{"content":', b'{"customer":', b'{"extra":{"k":'])
def test_deep_nesting_is_refused_at_once(wire: Wire, opening: bytes) -> None:
    before = stored()
    answer = wire.post(opening * (200_000 // len(opening)))
    assert answer.status_code in (400, 422) and answer.json()["detail"]
    assert stored() == before


def test_ten_megabytes_are_refused(wire: Wire) -> None:
    refused(wire, json.dumps(told(content="很" * 3_500_000)).encode(), 413, "body")


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "text/html"]
)
def test_another_content_type_is_refused(wire: Wire, kind: str) -> None:
    refused(wire, GOOD, 415, "Content-Type", Content_Type=kind)


def test_a_wrong_revoked_or_expired_token_opens_nothing(wire: Wire, house: Cast) -> None:
    from bihuan.identity import tokens
    from bihuan.identity.models import Token

    revoked, expired = house.token("an", "case.register"), house.token("an", "case.register", expires_at=clock.now())
    tokens.revoke(Token.objects.get(digest=tokens.digest_of(revoked)).pk, None)
    for token in (revoked, expired, "bh_wrong", "x" * 5000, "bh_%E4%BB%A4"):
        body = refused(wire, GOOD, 401, "Authorization", Authorization=f"Bearer {token}")
        assert body["code"] == "token.invalid"
    for header in ("", "Basic YTpi", "Bearer", "Bearer "):
        assert refused(wire, GOOD, 401, "Authorization", Authorization=header)["code"] == "token.missing"
    refused(wire, GOOD, 403, "Authorization", Authorization=f"Bearer {house.token('an', 'case.read')}")
    refused(wire, GOOD, 403, "Authorization", Authorization=f"Bearer {house.token('ji', 'case.register')}")


def test_a_token_dies_while_in_use(wire: Wire, house: Cast) -> None:
    from datetime import timedelta

    dying = house.token("an", "case.register", expires_at=clock.now() + timedelta(hours=1))
    assert wire.post(told(), Authorization=f"Bearer {dying}").status_code == 201
    with clock.at(clock.now() + timedelta(hours=2)):
        refused(wire, GOOD, 401, "Authorization", Authorization=f"Bearer {dying}")


def test_a_bad_idempotency_key_is_refused(wire: Wire) -> None:
    refused(wire, GOOD, 422, "Idempotency-Key", Idempotency_Key="k" * 201)
    refused(wire, GOOD, 422, "Idempotency-Key", Idempotency_Key="a\tb")


NASTY = [
    "Robert'); DROP TABLE cases_case;--",
    "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "{{ 7*7 }} ${7*7} %s %(x)s {0}",
    "../../etc/passwd",
    "没信号😡🀄👨‍👩‍👧‍👦，请尽快处理🙏",
]


@pytest.mark.parametrize("text", NASTY)
def test_any_words_are_kept_as_words(wire: Wire, text: str) -> None:
    answer = wire.post(told(content=text, demand=text))
    assert answer.status_code == 201
    case = Case.objects.get(number=answer.json()["number"])
    assert (case.content, case.demand) == (text, text)
    page = wire.send({"method": "GET", "url": f"/api/v1/complaints/{case.number}"})[0]
    assert page.json().get("content") == text, page.text
    assert page.headers["content-type"] == "application/json" and page.headers["x-content-type-options"] == "nosniff"


def test_a_zone_no_country_has_is_only_another_way_to_say_when(wire: Wire) -> None:
    answer = wire.post(told(occurred_at="2026-01-01T16:34:00+16:34"))
    assert answer.status_code == 201
    moment = Case.objects.get(number=answer.json()["number"]).occurred_at
    assert moment is not None and moment.isoformat() == "2026-01-01T00:00:00+00:00"


def test_one_bad_complaint_does_not_spoil_the_others(wire: Wire) -> None:
    good, bad = json.dumps(told()).encode(), json.dumps(told(area="999999")).encode()
    request = {"method": "POST", "url": "/api/v1/complaints", "headers": {"Content-Type": "application/json"}}
    answers = wire.send(*({**request, "content": bad if place % 3 == 0 else good} for place in range(30)))
    assert [answer.status_code for answer in answers] == [422 if place % 3 == 0 else 201 for place in range(30)]
    assert len({answer.json()["number"] for answer in answers if answer.status_code == 201}) == 20
