"""`GET /api/v1/figures`: the command's words, the command's rows."""

from typing import Any

import pytest
from django.test import Client

from bihuan.cases.filters import parse
from bihuan.identity import roles
from bihuan.insight.plain import plain
from bihuan.insight.queries import figures
from cast import Cast

pytestmark = pytest.mark.django_db


def ask(client: Client, token: str, **asked: Any) -> Any:
    return client.get("/api/v1/figures", asked, headers={"Authorization": f"Bearer {token}"})


def test_rows_are_those_of_the_command(client: Client, cast: Cast) -> None:
    cast.case()
    cast.case(channel="web")
    token = cast.token("he", roles.READ, roles.FIGURES)
    asked = {"measure": "volume,late_rate", "by": "month,channel", "from": "2020-01-01", "to": "2040-12-31"}
    answer = ask(client, token, **asked)
    assert answer.status_code == 200
    told = answer.json()
    expected = plain(
        figures(cast.viewer("he"), ["volume", "late_rate"], ["month", "channel"],
                parse({"from": "2020-01-01", "to": "2040-12-31"}))
    )  # fmt: skip
    assert set(told) == set(expected)
    assert [row["volume"] for row in told["rows"]] == [row["volume"] for row in expected["rows"]] == [1, 1]
    assert told["totals"]["counts"] == {"late_rate": [0, 2]}


def test_only_what_the_owner_sees_counts(client: Client, cast: Cast) -> None:
    cast.case()
    assert ask(client, cast.token("di_wx", roles.READ, roles.FIGURES), measure="volume").json()["totals"]["volume"] == 0
    assert ask(client, cast.token("di", roles.READ, roles.FIGURES), measure="volume").json()["totals"]["volume"] == 1


def test_a_token_without_the_scope_is_refused(client: Client, cast: Cast) -> None:
    assert ask(client, cast.token("he", roles.READ)).status_code == 403
    assert ask(client, cast.token("an", roles.READ, roles.FIGURES)).status_code == 403
    assert client.get("/api/v1/figures").status_code == 401


@pytest.mark.parametrize(
    ("asked", "field"),
    [({"measure": "nonsense"}, "measure"), ({"by": "nonsense"}, "by"), ({"from": "yesterday"}, "from"),
     ({"channel": "pigeon"}, "channel"), ({"compare": "tomorrow"}, "compare"), ({"nonsense": "1"}, "nonsense"),
     ({"as_of": "2026-99-99"}, "as_of"), ({"source_system": "a\x00b"}, "source_system")],
)  # fmt: skip
def test_what_there_is_not_is_answered_422_with_its_field(
    client: Client, cast: Cast, asked: dict[str, str], field: str
) -> None:
    answer = ask(client, cast.token("he", roles.READ, roles.FIGURES), **asked)
    assert answer.status_code == 422
    assert answer.json()["field"] == field


def test_the_description_names_it(client: Client) -> None:
    told = client.get("/api/v1/openapi.json").json()
    parameters = {one["name"] for one in told["paths"]["/api/v1/figures"]["get"]["parameters"] if "name" in one}
    assert {"measure", "by", "compare"} <= parameters
