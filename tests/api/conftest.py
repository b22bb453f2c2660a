"""Clients of the API, each with a token of one of the cast."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from psycopg.conninfo import make_conninfo

from api.api_cast import Api, As, fresh
from api.asgi_cast import Wire
from bihuan.cases.models import Case
from bihuan.identity import roles
from bihuan.ops import messages
from cast import Cast, build


@pytest.fixture(scope="session", autouse=True)
def english() -> None:
    """English texts are compiled before any test asks for them."""
    messages.compile_stale()


@pytest.fixture
def api(cast: Cast) -> As:
    """`api("an")` is a client of that person with every scope; `api("an", "case.read")` one with a smaller scope.

    All full tokens are made at once: every new one makes the program read its settings again.
    """
    full: dict[str, str] = {}

    def of(name: str, *scopes: str, language: str = "zh-CN", **options: Any) -> Api:
        if scopes or options:
            return Api(cast.token(name, *(scopes or roles.ALL_RIGHTS), **options), language)
        if not full:
            full.update({who: cast.token(who, *roles.ALL_RIGHTS) for who in cast.staff})
        return Api(full[name], language)

    return of


@pytest.fixture
def dispatched(cast: Cast, api: As) -> Case:
    """A complaint the agent took, accepted and sent to maintenance in Changzhou."""
    case = cast.case()
    assert api("di").step(case, "acceptance", {"category": "N0101"}).status == 201
    assert api("di").step(case, "dispatches", {"unit": "mt_cz"}).status == 201
    return fresh(case)


@pytest.fixture
def received(dispatched: Case, api: As) -> Case:
    """The same, received by the maintenance handler."""
    assert api("ma").step(dispatched, "receipts", {"assessment": "self"}).status == 201
    return fresh(dispatched)


@pytest.fixture
def replied(received: Case, api: As) -> Case:
    """The same, answered."""
    body = {"means": "call", "text": "基站断电，已恢复供电，客户确认信号正常。"}
    assert api("ma").step(received, "replies", body).status == 201
    return fresh(received)


@pytest.fixture(scope="module")
def house(django_db_setup: None, django_db_blocker: Any) -> Iterator[Cast]:
    """The cast in a database that commits, for all tests of a module; emptied again afterwards."""
    with django_db_blocker.unblock():
        yield build()
        call_command("flush", interactive=False, verbosity=0)


@pytest.fixture(scope="module")
def agents_token(house: Cast) -> str:
    return house.token("an", *roles.ALL_RIGHTS)


@pytest.fixture
def wire(agents_token: str, settings: Any) -> Wire:
    """The application with a token of an agent; its own connections go to the test's database."""
    settings.DATABASE_URL = make_conninfo(settings.DATABASE_URL, dbname=connection.settings_dict["NAME"])
    return Wire(agents_token)
