"""Who calls the API in these tests, and what comes back."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from unittest import mock

from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import Client

from bihuan.cases.models import Case

BASE = "/api/v1"


@dataclass
class Answer:
    """A response with its JSON."""

    status: int
    headers: Any
    content: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.content)

    @property
    def code(self) -> str:
        """The code of a problem."""
        assert self.headers["Content-Type"] == "application/problem+json", self.content
        return str(self.json["code"])


class Api:
    """One caller: her token goes with every request."""

    def __init__(self, token: str = "", language: str = "zh-CN") -> None:
        self.token, self.language = token, language
        self._client = Client(raise_request_exception=True)

    def send(
        self, method: str, path: str, body: Any = None, *, raw: bytes | None = None, kind: str = "", **headers: str
    ) -> Answer:
        """Send a request; `body` as JSON, or `raw` bytes of a `kind`. Headers as `If_Match="3"`."""
        if raw is None and body is not None:
            raw, kind = json.dumps(body).encode(), kind or "application/json"
        given = {"Accept-Language": self.language, **{name.replace("_", "-"): value for name, value in headers.items()}}
        if self.token:
            given.setdefault("Authorization", f"Bearer {self.token}")
        response = self._client.generic(method, path, raw or b"", content_type=kind, headers=given)
        return Answer(response.status_code, response.headers, response.content)

    def get(self, path: str, **headers: str) -> Answer:
        return self.send("GET", BASE + path, **headers)

    def post(self, path: str, body: Any = None, **options: Any) -> Answer:
        return self.send("POST", BASE + path, body, **options)

    def step(self, case: Case | str, noun: str, body: Any = None, **options: Any) -> Answer:
        """Post a step of a complaint."""
        number = case if isinstance(case, str) else case.number
        return self.post(f"/complaints/{number}/{noun}", {} if body is None else body, **options)


@contextmanager
def one_connection() -> Iterator[None]:
    """Requests use the test's own connection and leave it open, as Django's test client does it."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    with mock.patch("bihuan.kernel.aside.close_old_connections"):
        yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


As = Callable[..., Api]


def fresh(case: Case) -> Case:
    """The case as it stands now."""
    return Case.objects.get(pk=case.pk)
