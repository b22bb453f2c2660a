"""`If-Match`: a step filled against an older version is refused and told what happened since."""

from api.api_cast import As
from bihuan.cases.models import Case, CaseEvent
from cast import Cast

NOTE = {"means": "call", "note": "已联系客户，约明天上午上门"}


def test_a_step_on_the_version_seen_is_taken(cast: Cast, api: As, received: Case) -> None:
    seen = api("ma").get(f"/complaints/{received.number}").headers["ETag"]
    answer = api("ma").step(received, "contacts", NOTE, If_Match=seen)
    assert answer.status == 201
    assert answer.headers["ETag"] == f'"{answer.json["complaint"]["version"]}"' != seen


def test_a_step_on_an_older_version_is_refused_and_told_what_changed(cast: Cast, api: As, received: Case) -> None:
    seen = api("ma").get(f"/complaints/{received.number}").headers["ETag"]
    assert api("an").step(received, "chasers", {"channel": "hotline"}).status == 201
    before = CaseEvent.objects.count()
    late = api("ma").step(received, "contacts", NOTE, If_Match=seen)
    assert (late.status, late.code) == (409, "case.changed")
    assert late.json["data"]["since"] == ["chased"]
    assert CaseEvent.objects.count() == before


def test_a_malformed_version_is_named(cast: Cast, api: As, received: Case) -> None:
    answer = api("ma").step(received, "contacts", NOTE, If_Match='"three"')
    assert (answer.status, answer.json["field"]) == (422, "If-Match")


def test_without_a_version_the_step_is_taken_as_it_comes(cast: Cast, api: As, received: Case) -> None:
    assert api("ma").step(received, "contacts", NOTE, If_Match="*").status == 201
    assert api("ma").step(received, "contacts", NOTE).status == 201
