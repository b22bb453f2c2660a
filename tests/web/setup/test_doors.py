"""Who may open which page: role × address, as one table. Whoever may not is told that it does not exist."""

import re

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, get_resolver

from bihuan.identity import roles
from bihuan.web.setup import urls
from cast import DISTRICT, Cast

EVERYONE = ("an", "di", "ma", "li", "wu", "du", "re", "ji", "fe", "he", "gu", "pa", "sy", "se", "au")
PEOPLE, RULES, DUTY, WORKERS = {"sy", "se"}, {"gu"}, {"li", "du", "gu"}, set(EVERYONE) - {"sy", "se", "au"}

PAGES: dict[str, set[str]] = {
    "/setup/": PEOPLE | RULES | DUTY,
    "/setup/pick/staff/?q=an": PEOPLE | RULES | DUTY,
    "/setup/units/": PEOPLE,
    "/setup/units/new/": {"sy"},
    "/setup/units/{unit}/": PEOPLE,
    "/setup/staff/": PEOPLE,
    "/setup/staff/new/": {"sy"},
    "/setup/staff/{staff}/": PEOPLE,
    "/setup/limits/": RULES,
    "/setup/limits/new/": RULES,
    "/setup/limits/reply.48h/": RULES,
    "/setup/limits/reply.48h/trial/?start=2026-03-02T10:00&pauses=": RULES,
    "/setup/calendars/": RULES,
    "/setup/calendars/cn-work/": RULES,
    "/setup/calendars/years/cn/2026/": RULES,
    "/setup/rules/": RULES,
    "/setup/rules/full/": RULES,
    "/setup/rules/full/new/": RULES,
    "/setup/rules/full/comparison/": RULES,
    "/setup/rules/full/rules/security/": RULES,
    "/setup/escalation/": RULES,
    "/setup/escalation/new/": RULES,
    "/setup/escalation/levels/breach/": RULES,
    "/setup/areas/": RULES,
    "/setup/areas/{district}/": RULES,
    "/setup/areas/{district}/grids/new/": RULES,
    "/setup/trees/": RULES,
    "/setup/trees/cause/": RULES,
    "/setup/trees/cause/new/": RULES,
    "/setup/nodes/{node}/": RULES,
    "/setup/reasons/": RULES,
    "/setup/reasons/new/": RULES,
    "/setup/reasons/{reason}/": RULES,
    "/setup/parameters/": RULES,
    "/setup/subscribers/": RULES,
    "/setup/subscribers/download/": RULES,
    "/setup/tokens/": {"gu", "se"},
    "/setup/tokens/new/": RULES,
    "/setup/roster/": DUTY,
    "/setup/sharing/": DUTY,
    "/handover/": WORKERS,
    "/setup/audit/": {"au"},
    "/setup/audit/uses/": {"au"},
}
POSTS: dict[str, set[str]] = {
    "/setup/history/1/restoration/": {"sy", "gu"},
    "/setup/units/{unit}/retirement/": {"sy"},
    "/setup/staff/{staff}/roles/": {"se"},
    "/setup/staff/{staff}/unlocking/": {"se"},
    "/setup/staff/{staff}/password/": {"sy"},
    "/setup/staff/{staff}/retirement/": {"sy"},
    "/setup/limits/reply.48h/switching/": RULES,
    "/setup/limits/reply.48h/adoption/": RULES,
    "/setup/limits/reply.48h/versions/1/restoration/": RULES,
    "/setup/calendars/cn-work/versions/1/restoration/": RULES,
    "/setup/rules/full/switching/": RULES,
    "/setup/escalation/versions/1/restoration/": RULES,
    "/setup/escalation/levels/breach/removal/": RULES,
    "/setup/escalation/levels/breach/moving/": RULES,
    "/setup/rules/full/versions/1/restoration/": RULES,
    "/setup/rules/full/rules/security/removal/": RULES,
    "/setup/rules/full/rules/security/moving/": RULES,
    "/setup/areas/{district}/retirement/": RULES,
    "/setup/nodes/{node}/retirement/": RULES,
    "/setup/reasons/{reason}/retirement/": RULES,
    "/setup/subscribers/upload/": RULES,
    "/setup/tokens/{token}/revocation/": {"gu", "se"},
    "/setup/roster/copying/": DUTY,
    "/setup/roster/absences/": DUTY,
    "/setup/roster/absences/{absence}/end/": DUTY,
    "/setup/roster/responsible/": DUTY,
    "/setup/roster/shifts/{shift}/removal/": DUTY,
    "/handover/{handover}/receipt/": WORKERS,
}
OPEN = {"/dev/outbox/"}


@pytest.fixture
def places(cast: Cast) -> dict[str, int]:
    from bihuan.catalog.models import Node, Reason

    cast.token("sys", roles.READ)
    return {
        "unit": cast.units["sp"].pk,
        "staff": cast.bo.pk,
        "district": DISTRICT,
        "node": Node.objects.get(tree="phenomenon", code="N0101").pk,
        "reason": Reason.objects.get(kind="return", code="wrong_unit").pk,
        "token": 0, "shift": 0, "absence": 0, "handover": 0,
    }  # fmt: skip


@pytest.fixture
def people(cast: Cast) -> dict[str, Client]:
    """Everyone, come in once: a table of a thousand cells would spend its time at the door."""
    clients = {}
    for name in EVERYONE:
        clients[name] = Client()
        clients[name].force_login(cast.staff[name])
    return clients


def test_a_page_opens_for_whom_the_table_says_and_for_nobody_else(people: dict[str, Client], places: dict[str, int]):
    opened: dict[str, set[str]] = {address: set() for address in PAGES}
    for address in PAGES:
        for name, client in people.items():
            answer = client.get(address.format(**places))
            assert answer.status_code in {200, 404}, (address, name, answer.status_code)
            if answer.status_code == 200:
                opened[address].add(name)
    assert opened == PAGES


def test_a_step_exists_for_whom_the_table_says_and_for_nobody_else(people: dict[str, Client], places: dict[str, int]):
    for address, allowed in POSTS.items():
        for name, client in people.items():
            with transaction.atomic():
                answer = client.post(address.format(**places))
                transaction.set_rollback(True)  # one step leaves nothing for the next
            assert answer.status_code < 500, (address, name)
            if name not in allowed:
                assert answer.status_code == 404, (address, name)
                assert "page" not in answer.headers.get("Location", "")


def test_a_stranger_is_led_to_the_door(client: Client, db: None):
    numbers = dict.fromkeys(("unit", "staff", "district", "node", "reason", "token", "shift", "absence", "handover"), 1)
    for address in (*PAGES, *POSTS):
        answer = client.get(address.format(**numbers))
        assert answer.status_code == 302, address
        assert answer["Location"].startswith("/login/"), address


def test_no_address_is_missing_from_the_tables():
    """Whoever adds a page says here who may open it."""
    resolver = get_resolver("bihuan.urls")
    listed = {
        resolver.resolve(re.sub(r"\{\w+\}", "1", address.split("?")[0])).view_name
        for address in [*PAGES, *POSTS, *OPEN]
    }
    own = {f"setup:{pattern.name}" for pattern in urls.urlpatterns if isinstance(pattern, URLPattern)}
    assert own - listed == {"setup:tree"} - listed


def test_administrators_pages_never_name_a_complaint(client: Client, cast: Cast, places: dict[str, int]):
    case = cast.case()
    for name in ("sy", "se", "au"):
        client.force_login(cast.staff[name])
        for address in PAGES:
            page = client.get(address.format(**places)).content.decode()
            assert case.number not in page
            assert "139****5678" not in page
