"""Customers known to complain by trade are marked with reason, proof and review date; staff see it, the customer never."""

from datetime import timedelta

import pytest
from django.test import Client

from bihuan.api.v1.detail import detail
from bihuan.cases.models import Case, CaseEvent
from bihuan.customers import actions as customers
from bihuan.customers import marks as held
from bihuan.customers.models import Mark
from bihuan.flow import marks
from bihuan.identity.models import AuditEntry
from bihuan.kernel import clock
from bihuan.kernel.errors import Forbidden, RuleError
from bihuan.notices.models import Notice
from web.desk.conftest import at_desk, walk  # noqa: F401 - fixtures

WORD = "职业投诉人</span>"


@pytest.fixture
def told():
    return {
        "kind": "professional", "reason": "以投诉牟利，电话 13911112222", "evidence": "TS261101-00010014 等 7 件",
        "review_on": (held.today() + timedelta(days=90)).isoformat(),
    }  # fmt: skip


def test_from_mark_to_review(at_desk, walk, cast, told):  # noqa: F811
    case = walk("in_handling")
    before = (case.priority, CaseEvent.objects.filter(case_id=case.id).count())
    desk = at_desk("li")
    assert at_desk("ma").see(f"/cases/{case.number}/mark/").status_code == 404
    assert desk.client.post(f"/cases/{case.number}/mark/", {**told, "reason": "坏"}).status_code == 422
    assert desk.client.post(f"/cases/{case.number}/mark/", told).status_code == 302
    one = Mark.objects.get()
    assert "13911112222" not in one.reason
    after = Case.objects.get(pk=case.pk)
    assert (after.priority, CaseEvent.objects.filter(case_id=case.id).count()) == before
    assert WORD in at_desk("ma").see(f"/cases/{case.number}/").content.decode()
    assert WORD not in at_desk("fe").see(f"/cases/{case.number}/").content.decode(), "who may not reveal sees no badge"
    again = cast.case("bo")
    assert WORD in at_desk("bo").see(f"/cases/{again.number}/").content.decode(), "it follows the line"
    client = Client()
    session = client.session
    session["complaint"] = {"id": case.id, "until": clock.now().timestamp() + 600}
    session.save()
    assert "职业" not in client.get("/service/progress/").content.decode()
    page = desk.see("/marks/").content.decode()
    assert "以投诉牟利" in page and "139****5678" in page and at_desk("an").see("/marks/").status_code == 404
    day = (held.today() + timedelta(days=200)).isoformat()
    desk.client.post(f"/marks/{one.pk}/renewal/", {"review_on": day})
    assert Mark.objects.get().review_on.isoformat() == day
    desk.client.post(f"/marks/{one.pk}/ending/")
    assert held.of_party(case.party_id) is None
    assert [entry.detail["what"] for entry in AuditEntry.objects.filter(kind="mark").order_by("id")] == [
        "set", "renewed", "ended",
    ]  # fmt: skip


def test_the_hotline_sees_it_when_the_number_calls_and_the_list_stands_among_the_tabs(at_desk, cast, told):  # noqa: F811
    case, desk = cast.case(), at_desk("an")
    line = {"calling_number": "139 1234 5678"}
    assert "多次无理投诉" not in desk.client.post("/registration/caller/", line).content.decode()
    marks.mark(case, cast.viewer("li"), "notorious", "反复无理要求", "历次工单编号", held.today() + timedelta(days=20))
    assert "多次无理投诉" in desk.client.post("/registration/caller/", line).content.decode()
    assert '"/marks/"' in at_desk("li").client.get("/questions/").content.decode()
    seen = detail(case, cast.viewer("li")).customer.mark
    assert seen is not None and (seen.kind, seen.review_on) == ("notorious", held.today() + timedelta(days=20))


def test_it_is_over_on_its_day_unless_renewed_and_whoever_set_it_is_reminded_once(cast):
    case, li = cast.case(), cast.viewer("li")
    day = held.today() + timedelta(days=20)
    one = marks.mark(case, li, "notorious", "反复无理要求", "历次工单编号", day)
    assert marks.remind() == 0
    with clock.at(clock.now() + timedelta(days=15)):
        assert (marks.remind(), marks.remind()) == (1, 0)
        assert held.of_party(case.party_id) == one
    assert Notice.objects.get(kind="review").staff_id == cast.li.pk
    with clock.at(clock.now() + timedelta(days=21)):
        assert held.of_party(case.party_id) is None
        marks.renew(one.pk, li, held.today() + timedelta(days=30))
        assert held.of_party(case.party_id) == one


def test_what_is_refused(cast):
    case, li = cast.case(), cast.viewer("li")
    far = held.today() + timedelta(days=400)
    for kind, reason, day in (
        ("x", "理由理由理由", far),
        ("notorious", "理由理由理由", far),
        ("notorious", "", held.today()),
    ):
        with pytest.raises(RuleError):
            marks.mark(case, li, kind, reason, "依据依据依据", day)
    with pytest.raises(Forbidden):
        marks.mark(
            case, cast.viewer("ma"), "notorious", "理由理由理由", "依据依据依据", held.today() + timedelta(days=9)
        )
    marks.mark(case, li, "notorious", "理由理由理由", "依据依据依据", held.today() + timedelta(days=9))
    assert held.of_number("139 1234 5678") is not None
    customers.shred(case.party_id)
    assert not Mark.objects.exists()
