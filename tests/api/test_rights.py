"""Rights at the one door as one table: who × what × the answer. 404: it does not exist for her; 403: she may only look."""

from dataclasses import dataclass
from typing import Any

import pytest
from django.db import transaction

from api.api_cast import Api, As, fresh
from bihuan.cases.models import Case, CaseEvent
from bihuan.identity import roles
from cast import Cast

CONTACT = {"means": "call", "note": "已联系客户，约明天上门"}
REPLY = {"means": "call", "text": "基站断电，已恢复供电，客户确认信号正常。"}
FILE = {"kind": "document", "name": "说明.txt", "content": "5Z+656uZ5pat55S16K+05piO"}


@dataclass
class Scene:
    """Complaints of one customer in Changzhou, each at another point of its life."""

    registered: Case
    dispatched: Case
    received: Case
    returned: Case
    replied: Case


@pytest.fixture
def scene(cast: Cast, api: As) -> Scene:
    def case(*path: tuple[str, str, dict[str, Any]]) -> Case:
        one = cast.case("an")
        for who, noun, body in path:
            answer = api(who).step(one, noun, body)
            assert answer.status == 201, answer.content.decode()
        return fresh(one)

    out = (("di", "acceptance", {}), ("di", "dispatches", {"unit": "mt_cz"}))
    got = (*out, ("ma", "receipts", {}))
    return Scene(
        registered=case(),
        dispatched=case(*out),
        received=case(*got),
        returned=case(*out, ("ma", "returns", {"reason": "wrong_unit", "note": "属于资费争议"})),
        replied=case(*got, ("ma", "replies", REPLY)),
    )


PROBES: dict[str, tuple[str, str, Any]] = {
    "read registered": ("registered", "", None),
    "read dispatched": ("dispatched", "", None),
    "read returned": ("returned", "", None),
    "read replied": ("replied", "", None),
    "list evidence": ("received", "evidence", None),
    "accept": ("registered", "acceptance", {}),
    "classify": ("registered", "classification", {"category": "N0101"}),
    "answer at once": ("registered", "replies", REPLY),
    "dispatch again": ("returned", "dispatches", {"unit": "mk_cz"}),
    "recall": ("dispatched", "recalls", {"why": "派错部门"}),
    "receive": ("dispatched", "receipts", {}),
    "give back": ("dispatched", "returns", {"reason": "wrong_unit", "note": "属于资费争议"}),
    "contact": ("received", "contacts", CONTACT),
    "wait": ("received", "waits", {"reason": "customer_time", "note": "改约"}),
    "reply": ("received", "replies", REPLY),
    "reply to returned": ("returned", "replies", REPLY),
    "add evidence": ("received", "evidence", FILE),
    "revisit": ("replied", "revisits", {"reached": False}),
    "reopen": ("replied", "reopenings", {"reason": "rejected"}),
    "withdraw": ("received", "withdrawal", {"proven_by": "call", "note": "客户来电"}),
    "chase": ("received", "chasers", {"channel": "hotline"}),
    "add material": ("received", "materials", {"channel": "hotline", "text": "补充说明"}),
    "chase returned": ("returned", "chasers", {"channel": "hotline"}),
    "material for returned": ("returned", "materials", {"channel": "hotline", "text": "补充说明"}),
    "reveal returned": ("returned", "reveals", {"fields": ["phone"], "purpose": "contact"}),
    "evidence for returned": ("returned", "evidence", FILE),
    "contact on returned": ("returned", "contacts", CONTACT),
    "merge": ("registered", "merges", {"into": "received"}),
    "reveal": ("received", "reveals", {"fields": ["phone"], "purpose": "contact"}),
}

COLUMNS = "an bo di du ma te li mk wu re ji he fe gu sy se au pa sys an_wx di_wx ma_wx re_wx"
LOOKS = {name for name, (_which, _noun, body) in PROBES.items() if body is None} | {"reveal", "reveal returned"}
# an, bo: agents of the home city · di, du: dispatcher, duty manager · ma: handler of the unit it was sent to · te: team
# below it · li: its lead · mk: another unit · wu: district office · re: revisit · ji: inspector · he: headquarters ·
# fe: analyst · gu: manager · sy, se, au: the three administrators · pa: partner · sys: system · …_wx: the other city
# + done · - may only look (403) · . does not exist for her (404) · ! allowed, but the state does not fit (409)
TABLE = """
                        an bo di du | ma te li mk | wu re ji he fe gu | sy se au pa sys | an di ma re
read registered          +  +  +  + |  .  .  .  . |  +  .  +  +  +  + |  .  .  .  .  .  |  .  .  .  .
read dispatched          +  +  +  + |  +  .  +  . |  +  .  +  +  +  + |  .  .  .  .  .  |  .  .  .  .
read returned            +  +  +  + |  +  .  +  . |  +  .  +  +  +  + |  .  .  .  .  .  |  .  .  .  .
read replied             +  +  +  + |  +  .  +  . |  +  +  +  +  +  + |  .  .  .  .  .  |  .  .  .  .
list evidence            +  +  +  + |  +  .  +  . |  +  .  +  +  +  + |  .  .  .  .  .  |  .  .  .  .
accept                   +  +  +  + |  .  .  .  . |  -  .  -  -  -  - |  .  .  .  .  .  |  .  .  .  .
classify                 +  +  +  + |  .  .  .  . |  -  .  -  -  -  - |  .  .  .  .  .  |  .  .  .  .
answer at once           +  +  +  + |  .  .  .  . |  -  .  -  -  -  - |  .  .  .  .  .  |  .  .  .  .
dispatch again           +  +  +  + |  -  .  -  . |  -  .  -  -  -  - |  .  .  .  .  .  |  .  .  .  .
recall                   -  -  +  + |  -  .  +  . |  -  .  -  -  -  - |  .  .  .  .  .  |  .  .  .  .
receive                  -  -  -  - |  +  .  +  . |  -  .  -  -  -  - |  .  .  .  .  .  |  .  .  .  .
give back                -  -  -  - |  +  .  +  . |  -  .  -  -  -  - |  .  .  .  .  .  |  .  .  .  .
contact                  -  -  -  - |  +  .  +  . |  -  .  -  -  -  - |  .  .  .  .  .  |  .  .  .  .
wait                     -  -  -  - |  +  .  +  . |  -  .  -  -  -  - |  .  .  .  .  .  |  .  .  .  .
reply                    -  -  -  - |  +  .  +  . |  -  .  -  -  -  - |  .  .  .  .  .  |  .  .  .  .
reply to returned        +  +  +  + |  -  .  -  . |  -  .  -  -  -  - |  .  .  .  .  .  |  .  .  .  .
add evidence             -  -  -  - |  +  .  +  . |  -  .  -  -  -  - |  .  .  .  .  .  |  .  .  .  .
revisit                  -  -  -  - |  -  .  -  . |  -  +  -  -  -  - |  .  .  .  .  .  |  .  .  .  .
reopen                   -  -  +  + |  -  .  +  . |  -  +  -  -  -  - |  .  .  .  .  .  |  .  .  .  .
withdraw                 +  -  +  + |  -  .  +  . |  -  .  -  -  -  - |  .  .  .  .  .  |  .  .  .  .
chase                    +  +  +  + |  +  .  +  . |  +  .  -  -  -  - |  .  .  .  .  .  |  .  .  .  .
add material             +  +  +  + |  -  .  +  . |  +  .  -  -  -  - |  .  .  .  .  .  |  .  .  .  .
chase returned           +  +  +  + |  -  .  +  . |  +  .  -  -  -  - |  .  .  .  .  .  |  .  .  .  .
material for returned    +  +  +  + |  -  .  +  . |  +  .  -  -  -  - |  .  .  .  .  .  |  .  .  .  .
reveal returned          +  +  +  + |  -  .  -  . |  +  .  -  -  -  - |  .  .  .  .  .  |  .  .  .  .
evidence for returned    +  +  +  + |  -  .  -  . |  -  .  -  -  -  - |  .  .  .  .  .  |  .  .  .  .
contact on returned      !  !  !  ! |  -  .  -  . |  -  .  -  -  -  - |  .  .  .  .  .  |  .  .  .  .
merge                    -  -  +  + |  .  .  .  . |  -  .  -  -  -  - |  .  .  .  .  .  |  .  .  .  .
reveal                   +  -  +  + |  +  .  +  . |  +  .  -  -  -  - |  .  .  .  .  .  |  .  .  .  .
"""
LISTED = dict(
    zip(COLUMNS.split(), [5, 5, 5, 5, 4, 0, 4, 0, 5, 1, 5, 5, 5, 5, -1, -1, -1, 0, 0, 0, 0, 0, 0], strict=True)
)
"""How many of the five each finds in her list; -1: the list itself is refused."""


def expected() -> dict[tuple[str, str], int]:
    """The table as {(who, what): status}."""
    found = {}
    for line in TABLE.strip("\n").splitlines()[1:]:
        name, marks = line[:24].strip(), line[24:].replace("|", " ").split()
        for who, mark in zip(COLUMNS.split(), marks, strict=True):
            done = 200 if name in LOOKS else 201
            found[who, name] = {"+": done, "-": 403, ".": 404, "!": 409}[mark]
    return found


def probe(caller: Api, scene: Scene, name: str) -> int:
    """The status of one try; what it changed is undone."""
    which, noun, body = PROBES[name]
    case: Case = getattr(scene, which)
    if body is None:
        return caller.get(f"/complaints/{case.number}" + (f"/{noun}" if noun else "")).status
    told = {**body, "into": scene.received.number} if "into" in body else body
    with transaction.atomic():
        status = caller.step(case, noun, told).status
        transaction.set_rollback(True)
    return status


def test_everyone_may_exactly_what_the_table_says(cast: Cast, api: As, scene: Scene) -> None:
    callers = {who: api(who) for who in cast.staff}
    found = {(who, name): probe(caller, scene, name) for who, caller in callers.items() for name in PROBES}
    assert found == expected()


def test_lists_and_searches_hold_only_what_exists_for_the_caller(cast: Cast, api: As, scene: Scene) -> None:
    found = {}
    for who in cast.staff:
        listed = api(who).get("/complaints")
        searched = api(who).post("/complaints/search", {"phone": "13912345678"})
        assert listed.status == searched.status
        found[who] = len(listed.json["items"]) if listed.status == 200 else -1
        if listed.status == 200:
            assert len(searched.json["items"]) == found[who]
    assert found == LISTED


def test_a_partner_sees_only_what_was_sent_to_it(cast: Cast, api: As, scene: Scene) -> None:
    assert api("di").step(scene.returned, "dispatches", {"unit": "sp"}).status == 201
    partner = api("pa")
    assert [item["number"] for item in partner.get("/complaints").json["items"]] == [scene.returned.number]
    assert partner.step(scene.returned, "receipts", {}).status == 201
    assert partner.step(scene.returned, "contacts", CONTACT).status == 201
    assert partner.step(scene.returned, "reveals", {"fields": ["phone"], "purpose": "contact"}).status == 403


def test_headquarters_sees_everything_masked_and_opens_nothing(cast: Cast, api: As, scene: Scene) -> None:
    case = cast.case("an_wx", content="请回电 13812341234，家里断网", area="320211", relation="on_behalf")
    read = api("he").get(f"/complaints/{case.number}").json
    assert read["customer"]["phone"] == "139****5678" and read["customer"]["name"] == "王**"
    assert "13812341234" not in str(read) and "138****1234" in read["content"]
    assert api("he").step(case, "reveals", {"fields": ["phone"], "purpose": "audit"}).status == 403
    kept = api("ma").step(scene.received, "evidence", FILE).json["evidence"]
    assert api("he").send("GET", kept["href"]).status == 403


def test_a_token_does_what_its_owner_may_and_its_scope_allows(cast: Cast, api: As, scene: Scene) -> None:
    reader = api("di", roles.READ)
    assert reader.get(f"/complaints/{scene.registered.number}").status == 200
    assert reader.step(scene.registered, "acceptance", {}).status == 403
    writer = api("di", roles.REGISTER)
    assert writer.get(f"/complaints/{scene.registered.number}").status == 404
    assert writer.get("/complaints").code == "token.scope"
    assert writer.get("/catalog/areas", Accept_Language="en").status == 200
    wide = api("ji")
    assert wide.post("/complaints", {}).status == 403
    before = CaseEvent.objects.count()
    assert wide.step(scene.registered, "acceptance", {}).status == 403
    assert CaseEvent.objects.count() == before


def test_what_was_refused_is_in_the_audit_log_without_content(cast: Cast, api: As, scene: Scene) -> None:
    from bihuan.identity.models import AuditEntry

    assert api("ji").step(scene.registered, "acceptance", {}).status == 403
    entry = AuditEntry.objects.filter(kind="refused").latest("id")
    assert entry.actor_id == cast.ji.pk and scene.registered.number in entry.subject and entry.result == "refused"


def test_numbers_of_other_cities_are_not_told_by_links(cast: Cast, api: As) -> None:
    first = cast.case("an_wx", area="320211")
    second = cast.case("an")
    assert second.repeat_of_id == first.id
    assert api("an").get(f"/complaints/{second.number}").json["repeat_of"] is None
    assert first.number not in api("an").get(f"/complaints/{second.number}").content.decode()
    assert api("he").get(f"/complaints/{second.number}").json["repeat_of"] == first.number
