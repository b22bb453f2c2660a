"""Bad input at every other entrance of the API: a clear 4xx naming field and reason, nothing changed."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from asgiref.sync import async_to_sync

from api.api_cast import BASE, Api, As, fresh
from bihuan.api.v1 import gate
from bihuan.api.v1.operation import USUAL_BYTES, Operation
from bihuan.api.v1.operations import OPERATIONS
from bihuan.cases.models import Case, CaseEvent
from bihuan.identity import roles, tokens
from bihuan.identity.models import Token
from bihuan.kernel import clock
from cast import Cast

POSTED = [one for one in OPERATIONS if one.method == "POST" and one.body]
BROKEN = {
    "no json": (b"means=call", 400),
    "cut off": (b'{"means": "call"', (400, 422)),
    "no utf-8": (b'{"means": "\xff"}', (400, 422)),
    "half a surrogate": (b'{"note": "\\ud83d "}', (400, 422)),
    "a list": (b"[]", 422),
    "a word": (b'"call"', 422),
    "null": (b"null", 422),
    "an unknown field": (b'{"colour": "red"}', 422),
    "deep nesting": (b'{"note":' + b"[" * 100_000, (400, 422)),
    "a deep unknown": (b'{"x":' * 40_000, (400, 422)),
    "10 MB": (b'{"note": "' + b"x" * 10_000_000 + b'"}', 413),
}
EACH_TIME = {"cut off", "half a surrogate", "a list", "an unknown field", "10 MB"}
"""Sent to all hundred and more operations each time; the others with all tests."""


def holder(cast: Cast, operation: Operation) -> str:
    """Who may call this: the duty manager nearly everything, the manager the rest."""
    return next((name for name in ("du", "gu") if any(cast.staff[name].can(one) for one in operation.rights)), "du")


@pytest.mark.parametrize(
    ("content", "status"),
    [
        pytest.param(*one, id=name, marks=[] if name in EACH_TIME else [pytest.mark.long])
        for name, one in BROKEN.items()
    ],
)
def test_no_step_takes_what_is_broken(cast: Cast, api: As, received: Case, content: bytes, status: Any) -> None:
    events = CaseEvent.objects.count()
    for operation in POSTED:
        caller = api(holder(cast, operation))
        path = BASE + operation.path.replace("{number}", received.number).replace("{id}", "1")
        answer = caller.send("POST", path, raw=content, kind="application/json")
        allowed = status if isinstance(status, tuple) else (status,)
        if len(content) <= operation.most_bytes and 413 in allowed:
            allowed = (422,)  # it takes files; these bytes fit, but are none
        assert answer.status in allowed, (operation.name, answer.content.decode()[:300])
        assert answer.json["detail"] and answer.json["field"] and answer.code
    assert CaseEvent.objects.count() == events
    assert fresh(received).version == received.version


def test_every_text_refuses_control_characters_by_name(cast: Cast, api: As, received: Case) -> None:
    for operation in POSTED:
        caller = api(holder(cast, operation))
        if "{id}" in operation.path:
            continue  # no such row here; their rooms' own tests say what their texts refuse
        for name, value in operation.example.items():
            if not isinstance(value, str) or operation.choices(name) or name == "content":
                continue
            body = {**operation.example, name: "断\x00网"}
            answer = caller.post(operation.path.replace("{number}", received.number), body)
            assert (answer.status, answer.json["field"]) == (422, name), (operation.name, name)


def test_another_content_type_is_refused(cast: Cast, api: As, received: Case) -> None:
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"):
        answer = api("ma").step(received, "contacts", raw=b"means=call", kind=kind)
        assert (answer.status, answer.json["field"]) == (415, "Content-Type"), kind


def test_without_a_good_token_nothing_is_answered(cast: Cast, received: Case) -> None:
    revoked, expired = cast.token("ma", roles.READ), cast.token("ma", roles.READ, expires_at=clock.now())
    tokens.revoke(Token.objects.get(digest=tokens.digest_of(revoked)).pk, None)
    kinds = [("", "token.missing"), *((token, "token.invalid") for token in ("bh_x", revoked, expired))]
    for place, operation in enumerate(OPERATIONS):
        path = BASE + operation.path.replace("{number}", received.number).replace("{id}", "1")
        # one entrance asks for all of them: each is tried with one kind, the first with every kind
        for token, code in kinds if place == 0 else [kinds[place % len(kinds)]]:
            answer = Api(token).send(operation.method, path, {} if operation.method == "POST" else None)
            assert (answer.status, answer.code) == (401, code), operation.name
            assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    cast.ma.is_active = False
    token = cast.token("ma", roles.READ)
    cast.ma.save()
    assert Api(token).get("/complaints").status == 401


def test_words_are_kept_as_words(cast: Cast, api: As, received: Case) -> None:
    nasty = "Robert'); DROP TABLE cases_case;-- <script>alert(1)</script> %s 😡"
    assert api("ma").step(received, "contacts", {"means": "call", "note": nasty}).status == 201
    event = CaseEvent.objects.get(case_id=received.id, kind="contacted")
    assert event.payload["text"] == nasty
    told = api("ma").get(f"/complaints/{received.number}").json["events"][-1]
    assert told["details"]["text"] == nasty


def test_a_refusal_is_said_in_the_callers_language(cast: Cast, api: As, received: Case) -> None:
    wrong = {"means": "pigeon"}
    chinese = api("ma").step(received, "contacts", wrong)
    english = api("ma", language="fr, en;q=0.7, zh;q=0.3").step(received, "contacts", wrong)
    assert chinese.headers["Content-Language"] == "zh-Hans" and english.headers["Content-Language"] == "en"
    assert "可用：call、sms" in chinese.json["detail"]
    assert english.json["detail"].startswith("There is no value 'pigeon' here") and "call" in english.json["detail"]


def _through_gate(chunks: list[bytes], path: str) -> tuple[int, int]:
    """(status, bytes the application got) of a body sent in pieces without its length told."""
    got = 0

    async def application(scope: Any, receive: Callable[[], Any], send: Callable[[Any], Any]) -> None:
        nonlocal got
        while (message := await receive())["type"] != "http.disconnect":
            got += len(message["body"])
            if not message["more_body"]:
                await send({"type": "http.response.start", "status": 200, "headers": []})
                return

    statuses: list[int] = []

    async def run() -> None:
        queue: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        for place, chunk in enumerate(chunks):
            queue.put_nowait({"type": "http.request", "body": chunk, "more_body": place < len(chunks) - 1})

        async def send(message: Any) -> None:
            statuses.append(message.get("status", 0))

        scope = {"type": "http", "path": path, "headers": []}
        await gate.limited(application)(scope, queue.get, send)

    async_to_sync(run)()
    return statuses[0], got


def test_a_body_without_its_length_told_is_cut_off_at_the_bound() -> None:
    piece = b"x" * 65_536
    assert _through_gate([piece] * 4, f"{BASE}/complaints/search") == (200, 4 * 65_536)
    status, got = _through_gate([piece] * 200, f"{BASE}/complaints/search")
    assert status == 413 and got <= USUAL_BYTES
    assert _through_gate([piece] * 100, f"{BASE}/complaints/TS1/evidence")[0] == 200
    assert _through_gate([piece] * 200, f"{BASE}/complaints/TS1/evidence")[0] == 413
    assert _through_gate([piece] * 200, "/login/")[0] == 200
