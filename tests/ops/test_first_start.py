"""The first start decides what an installation is; nothing a manager edited or an operator entered is ever replaced."""

import json
from pathlib import Path

import pytest
from django.contrib.auth import get_user_model

from bihuan.catalog.models import Area
from bihuan.dispatch.models import Rule
from bihuan.ops import first_start

pytestmark = pytest.mark.django_db


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """How often the demo operator was made."""
    calls: list[str] = []
    monkeypatch.setattr(first_start, "_make_operator", lambda: calls.append("demo"))
    get_user_model().objects.all().delete()
    return calls


def test_the_demo_operator_is_made_once(tmp_path: Path, made: list[str]) -> None:
    assert [first_start.prepare(tmp_path, empty=False).demo for _ in range(2)] == [True, True]
    assert made == ["demo"]


def test_an_installation_begun_empty_stays_without_it(tmp_path: Path, made: list[str]) -> None:
    assert [first_start.prepare(tmp_path, empty=empty).demo for empty in (True, False)] == [False, False]
    assert made == []


def test_without_a_demo_the_three_administrators_are_told_once(tmp_path: Path, made: list[str]) -> None:
    told = first_start.prepare(tmp_path, empty=True).logins
    assert {login["role"] for login in told} == {"auditor", "secadmin", "sysadmin"}
    for login in told:
        staff = get_user_model().objects.get(username=login["username"])
        assert staff.check_password(login["password"]) and staff.must_change_password
        assert staff.roles == [login["role"]]
    assert first_start.prepare(tmp_path, empty=True).logins == []


def test_an_interrupted_first_start_is_taken_up_again(tmp_path: Path, made: list[str]) -> None:
    (tmp_path / "installation.json").write_text(json.dumps({"demo": True, "seeded": False}))
    assert first_start.prepare(tmp_path, empty=True).demo
    assert made == ["demo"]


@pytest.mark.usefixtures("cast")
def test_a_database_in_use_never_becomes_a_demo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []
    monkeypatch.setattr(first_start, "_make_operator", lambda: made.append("demo"))
    assert not first_start.prepare(tmp_path, empty=False).demo
    assert made == []


def test_the_basics_are_there_and_adding_them_again_changes_nothing() -> None:
    first_start.basics()
    before = (Area.objects.count(), Rule.objects.count())
    assert first_start.has_basics() and min(before) > 0
    first_start.basics()
    assert (Area.objects.count(), Rule.objects.count()) == before
