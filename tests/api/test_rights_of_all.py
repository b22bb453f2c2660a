"""Every operation of the API × everyone: what the one door and the rights say. An operation without a row fails.

`test_rights.py` proves by requests that the way in asks for them; here each operation is called as the way in calls it,
so that the whole table takes seconds.
"""

import json
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction

from api import test_rights
from api.rights_table import BY_NAME, CODED, PROBES, TABLE, WHO
from api.test_appeals import order
from api.test_rights import COLUMNS, FILE, REPLY
from bihuan.api.v1 import views
from bihuan.api.v1.operation import Call, Operation
from bihuan.api.v1.operations import OPERATIONS
from bihuan.api.v1.problem import Refused
from bihuan.compensation import budgets
from bihuan.identity.models import Shift
from bihuan.identity.viewer import Viewer
from bihuan.kernel import clock
from bihuan.kernel.errors import RuleError
from bihuan.revisit import editing
from bihuan.revisit.models import Rule
from cast import Cast
from fieldwork.test_appointments import a_crew


def call(viewer: Viewer, name: str, body: Any = None, *, keep: bool = True, **places: Any) -> tuple[int, Any]:
    """(status, answer) of an operation, what it did undone unless it is to be kept; 403 where the way in refuses at once."""
    op: Operation = BY_NAME[name]
    if not op.of_case and not viewer.rights & set(op.rights):
        return 403, None
    told = views._in_utc(op.decoder.decode(json.dumps(body or {}))) if op.decoder else None
    query = views._converted({}, op, op.query) if op.query is not None else None
    asked = Call(viewer, {key: str(value) for key, value in places.items()}, query=query, body=told)
    try:
        with transaction.atomic() if op.method == "POST" else nullcontext():
            answer = op.handler(asked)
            if not keep and op.method == "POST":
                transaction.set_rollback(True)
            return op.status, answer.content
    except (RuleError, Refused) as refused:
        return refused.status, None


@dataclass
class Scene:
    """Complaints of one customer in Changzhou with everything others do for them."""

    cast: Cast
    places: dict[str, dict[str, Any]] = field(default_factory=dict)

    def do(self, who: str, name: str, body: Any = None, **places: Any) -> Any:
        """An operation that has to go well."""
        status, answer = call(self.cast.viewer(who), name, body, **places)
        assert status < 300, (who, name, status)
        return answer

    def case(self, *path: tuple[str, str, Any], **changes: Any) -> str:
        """A fresh case brought along by these operations; its number."""
        number = self.cast.case("an", **changes).number
        for who, name, body in path:
            self.do(who, name, body, number=number)
        return number


OUT = (("di", "accept", {"category": "N0101"}), ("di", "dispatch", {"unit": "mt_cz"}))
GOT = (*OUT, ("ma", "receive", {}))
ANSWERED = (*GOT, ("ma", "reply", REPLY))


@pytest.fixture
def scene(cast: Cast, settings: Any, tmp_path: Any) -> Scene:
    settings.EVIDENCE_DIR = tmp_path
    made, now = Scene(cast), clock.now()
    budgets.set_budget(cast.units["hq"].id, budgets.this_month(), "1000")
    editing.edit_rule(Rule.objects.get(category="").pk, {"care_days": 1}, cast.gu.pk)
    Shift.objects.create(
        unit=cast.units["sc_cz"], staff=cast.du, kind="manager", starts_at=now, ends_at=now + timedelta(hours=8)
    )
    _own_work(made)
    _others_work(made)
    _outside(made)
    _ended(made)
    return made


def _own_work(made: Scene) -> None:
    """Cases at points of their life."""
    made.places |= {
        "registered": {"number": made.case()},
        "accepted": {"number": made.case(("di", "accept", {}))},
        "dispatched": {"number": made.case(*OUT)},
        "received": {"number": (received := made.case(*GOT))},
        "waiting": {"number": made.case(*GOT, ("ma", "wait", {"reason": "customer_time", "note": "改约"}))},
        "replied": {"number": made.case(*ANSWERED)},
        "texted": {"number": made.case(*GOT, ("ma", "reply", {**REPLY, "means": "sms", "despite": True}))},
        "merged": {"number": (merged := made.case())},
    }
    made.do("di", "merge", {"into": received}, number=merged)
    kept = made.do("ma", "addEvidence", FILE, number=received)
    pack = made.do("du", "makePack", {"purpose": "audit"}, number=received)
    made.places |= {
        "file": {"number": received, "id": kept.evidence.id},
        "pack": {"number": received, "id": pack.id},
        "on behalf": {"number": made.case(relation="on_behalf", complained_number="13700002222")},
    }


def _others_work(made: Scene) -> None:
    """What other units, approvers, leaders and the management do for the received one."""
    number = made.places["received"]["number"]
    task = made.do("ma", "askAssistance", {"units": ["mk_cz"], "question": "请核对账单", "term": "4h"}, number=number)
    money = {"kind": "refund", "amount": "260.00", "reason": "多收月租"}
    asked = made.do("ma", "proposeCompensation", money, number=number)
    granted = made.do("ma", "proposeCompensation", {**money, "amount": "5.00"}, number=number)
    track = made.do("li", "beginTracking", {"cause": "difficult", "next_step": "请厂家会诊"}, number=number)
    made.do("li", "callForReport", {"lead": "li"}, number=number)
    made.do("di", "askCohandling", {"units": ["wj"], "ask": "上门看终端"}, number=number)
    made.do("gu", "supervise", {"demand": "两天内恢复"}, number=number)
    made.do("an", "ask", {"text": "能当场赔偿吗？"}, number=number)
    question = made.do("du", "listQuestions").items[0].id
    disputed = made.case(*GOT, ("ma", "dispute", {"unit": "mk_cz", "reason": "属于资费争议"}))
    bulk = made.do("di", "startBulk", {"deed": "dispatches", "numbers": [made.case()], "unit": "mt_cz"})
    appeal = made.do("du", "receiveAppeal", order())
    made.places |= {
        "task": {"id": task.items[0].id},
        "rung": {"id": asked.approvals[0].id},
        "granted": {"id": granted.id},
        "track": {"id": track.id},
        "question": {"number": number, "question": question},
        "dispute": {"id": made.do("du", "listOwnershipDisputes").items[0].id, "number": disputed},
        "bulk": {"id": bulk.id},
        "appeal": {"number": appeal.href.rsplit("/", 1)[1]},
    }


def _outside(made: Scene) -> None:
    """A visit and a repair of the crew of the team."""
    number, crew = made.places["received"]["number"], a_crew(made.cast)
    first, second = made.do("ma", "listSlots", number=number).items[:2]
    agreed = {"crew": crew.pk, "agreed_by": "self", "agreed_means": "call"}
    span = {"starts_at": first.starts_at.isoformat(), "ends_at": first.ends_at.isoformat()}
    visit = made.do("ma", "bookAppointment", {**agreed, **span}, number=number)
    repair = made.do("ma", "sendRepair", {"crew": crew.pk, "fault": "光衰大", "term": "8h"}, number=number)
    later = {"starts_at": second.starts_at.isoformat(), "ends_at": second.ends_at.isoformat()}
    made.places |= {
        "slot": {"number": made.places["waiting"]["number"], **agreed, **later},
        "crew": {"number": number, "crew": crew.pk},
        "visit": {"id": visit.id},
        "repair": {"id": repair.id},
    }


def _ended(made: Scene) -> None:
    """Closed, asked to be closed, handed on; and what the management wrote down."""
    closed = made.case(*ANSWERED, ("re", "revisit", {"satisfaction": "satisfied", "closing": CODED}))
    asked = made.case(*ANSWERED, ("re", "revisit", {"reached": False}))
    tried = made.case(*ANSWERED, ("re", "revisit", {"reached": False}))
    content_call = made.case(*ANSWERED, ("re", "revisit", {"satisfaction": "satisfied"}))
    told = {**CODED, "exception": "refused", "approved_by": "du", "note": "客户拒绝回访"}
    made.do("re", "requestClosing", told, number=asked)
    content = ("di", "classify", {"category": "S0701", "service_type": "enquiry"})
    enquiry = made.case(("di", "accept", {}), content, content="想了解企业专线资费")
    other = made.case(("di", "accept", {}), content, content="想了解企业专线资费，两条")
    made.do("di", "convert", {"kind": "lead", "unit": "mk_cz", "wish": "两条专线"}, number=other)
    inspector = next(who for who in COLUMNS.split() if made.cast.viewer(who).can("oversight.inspect"))
    made.do(inspector, "recordPatrol", PROBES["recordPatrol"][1])
    keeper = next(who for who in COLUMNS.split() if made.cast.viewer(who).can("oversight.leaks"))
    leak = made.do(keeper, "recordLeak", PROBES["recordLeak"][1])
    made.places |= {
        "closed": {"number": closed},
        "closing": {"number": asked},
        "tried": {"number": tried},
        "content": {"number": content_call},
        "enquiry": {"number": enquiry},
        "request": {"number": made.do("mk", "listRequests").items[0].number},
        "rectification": {"id": made.do(inspector, "listRectifications").items[0].id},
        "leak": {"id": leak.id},
    }


def probe(viewer: Viewer, scene: Scene, name: str) -> str:
    """One try, undone: done, only to be looked at (403), not there (404), allowed but refused by the rules."""
    which, body = PROBES[name]
    places = dict(scene.places[which]) if which else {}
    told = dict(body or {})
    if name == "receiveAppeal":
        told = order(number="CZ-2")
    days = {"today": 0, "soon": 9}
    for key in {"decided_on", "expected"} & set(told):
        told[key] = str(clock.now().date() + timedelta(days=days[told[key]]))
    if "next_at" in told:
        told["next_at"] = (clock.now() + timedelta(days=1)).isoformat()
    told |= {key: places.pop(key) for key in list(places) if f"{{{key}}}" not in BY_NAME[name].path and key != "number"}
    status, _answer = call(viewer, name, told, keep=False, **places)
    return {403: "-", 404: "."}.get(status, "+" if status < 300 else "!")


def test_everyone_may_exactly_what_the_table_says(cast: Cast, scene: Scene) -> None:
    viewers = [cast.viewer(who) for who in WHO.split()]
    found = {name: "".join(probe(viewer, scene, name) for viewer in viewers) for name in PROBES}
    told = {line[:23].strip(): line[23:].replace(" ", "") for line in TABLE.strip().splitlines()}
    assert found == told


def test_every_operation_has_its_row() -> None:
    nouns = {noun for _which, noun, _body in test_rights.PROBES.values() if noun}
    tried = {one.name for one in OPERATIONS if one.path.removeprefix("/complaints/{number}/") in nouns}
    assert set(BY_NAME) - tried - set(PROBES) == set()
    assert set(PROBES) - set(BY_NAME) == set()
