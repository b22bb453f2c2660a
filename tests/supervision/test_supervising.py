"""A supervised case: ordered, reported on, judged by who ordered it; the list knows the late ones."""

import io
from datetime import timedelta

import pytest
from django.test import Client
from python_calamine import CalamineWorkbook

from bihuan.cases.models import Case, CaseEvent
from bihuan.dispatch import actions as dispatch
from bihuan.flow import actions as flow
from bihuan.flow import escalation
from bihuan.identity.models import Unit
from bihuan.kernel import clock
from bihuan.kernel.errors import Conflict, Forbidden, RuleError
from bihuan.notices.models import Notice
from bihuan.sla import deadlines
from bihuan.supervision import actions, queries
from bihuan.supervision.models import Supervision
from cast import Cast


@pytest.fixture
def held(cast: Cast) -> Case:
    """With Ma of the maintenance department, which Lin answers for."""
    Unit.objects.filter(code="mt_cz").update(responsible=cast.li)
    case = cast.case()
    flow.accept(case, cast.doer("di"), category="N0101")
    dispatch.dispatch(case, cast.doer("di"), cast.units["mt_cz"].pk)
    dispatch.receive(case, cast.doer("ma"), "self")
    return case


def test_from_the_order_to_the_verdict(cast: Cast, held: Case) -> None:
    due = clock.now() + timedelta(days=2)
    actions.order(held, cast.doer("gu"), "三天内恢复，逐日报告；客户电话 13912345678", due)
    order = Supervision.objects.get(case_id=held.id)
    assert "13912345678" not in order.demand and "supervised" in held.flags
    assert set(Notice.objects.filter(kind="supervision_ordered").values_list("staff_id", flat=True)) == {
        cast.ma.pk, cast.li.pk,
    }  # fmt: skip
    with pytest.raises(Conflict):
        actions.order(held, cast.doer("gu"), "再来一次")
    actions.report(held, cast.doer("ma"), "已更换电源模块，明早复测")
    assert Notice.objects.filter(kind="supervision_reported", staff_id=cast.gu.pk).count() == 1
    with pytest.raises(Forbidden):
        actions.end(held, cast.doer("du"), "met")
    with pytest.raises(RuleError):
        actions.end(held, cast.doer("gu"), "not_met")
    actions.end(held, cast.doer("gu"), "partly", "恢复了，但没有逐日报告")
    order.refresh_from_db()
    assert order.verdict == "partly" and order.reports == 1 and "supervised" not in held.flags
    assert deadlines.open_of("supervision", [order.pk]) == {}
    kinds = CaseEvent.objects.filter(case_id=held.id, kind__startswith="supervision").values_list("kind", flat=True)
    assert list(kinds) == ["supervision_ordered", "supervision_reported", "supervision_ended"]


def test_what_the_procedure_ordered_is_ended_by_whoever_supervises(cast: Cast, held: Case) -> None:
    actions.started([(held, "超时后再次升级", clock.now() + timedelta(days=1))], clock.now())
    actions.end(held, cast.doer("du"), "met")
    assert Supervision.objects.get(case_id=held.id).ended_by_id == cast.du.pk


def test_what_the_procedure_ordered_ends_with_the_case_and_what_a_person_ordered_does_not(
    cast: Cast, held: Case
) -> None:
    other = cast.case()
    actions.started([(held, "超时后再次升级", clock.now() + timedelta(days=1))], clock.now())
    actions.order(other, cast.doer("gu"), "两天内办结", clock.now() + timedelta(days=2))
    Case.objects.update(ended_at=clock.now(), flags=["supervised", "major"])
    escalation.run_terms()
    escalation.run_terms()
    assert Supervision.objects.get(case_id=held.id).verdict == "with_case"
    assert Case.objects.get(pk=held.id).flags == ["major"]
    assert CaseEvent.objects.filter(case_id=held.id, kind="supervision_ended").count() == 1
    assert Supervision.objects.get(case_id=other.id).ended_at is None


def test_its_own_term_is_watched_and_the_procedure_hears_of_it(cast: Cast, held: Case) -> None:
    actions.order(held, cast.doer("gu"), "两天内办结", clock.now() + timedelta(days=2))
    with clock.at(clock.now() + timedelta(days=2, minutes=1)):
        escalation.run_terms()
    event = CaseEvent.objects.get(case_id=held.id, kind="deadline_breached", payload__deadline="supervision")
    assert event.payload["procedure"]["code"] == "breach" and cast.li.pk in event.payload["told"]


def test_late_ones_lead_the_list_and_the_sheet_shows_what_the_list_shows(
    cast: Cast, held: Case, client: Client
) -> None:
    other = cast.case()
    actions.order(held, cast.doer("gu"), "要求甲", clock.now() + timedelta(days=3))
    actions.order(other, cast.doer("gu"), "要求乙", clock.now() + timedelta(hours=1))
    with clock.at(clock.now() + timedelta(hours=2)):
        listed = list(queries.listing(cast.viewer("gu")))
        assert [one.case_id for one in listed] == [other.id, held.id]
        assert [one.case_id for one in queries.listing(cast.viewer("gu"), "late")] == [other.id]
        assert list(queries.listing(cast.viewer("di_wx"))) == []
        client.force_login(cast.gu)
        page = client.get("/supervision/").content.decode()
        assert page.index(other.number) < page.index(held.number) and "要求甲" in page
        sheet = client.get("/supervision/export/?state=late")
        rows = CalamineWorkbook.from_filelike(io.BytesIO(sheet.getvalue())).get_sheet_by_index(0).to_python()  # type: ignore[attr-defined]
        assert [row[0] for row in rows] == ["工单编号", other.number]
        client.force_login(cast.ma)
        assert client.get("/supervision/export/").status_code == 403


def test_at_the_desk_each_is_offered_what_is_hers(cast: Cast, held: Case, client: Client) -> None:
    address = f"/cases/{held.number}/"
    client.force_login(cast.gu)
    sent = client.post(address + "supervision/", {"demand": "两天内办结", "version": held.version})
    assert sent.status_code == 302
    page = client.get(address).content.decode()
    assert "supervision-verdict/" in page and "supervision-reports/" not in page and "两天内办结" in page
    client.force_login(cast.ma)
    page = client.get(address).content.decode()
    assert "supervision-reports/" in page and "supervision-verdict/" not in page
    assert client.post(address + "supervision-reports/", {"text": "已安排抢修"}).status_code == 302
    assert client.post(address + "supervision-verdict/", {"verdict": "met"}).status_code == 403
    client.force_login(cast.gu)
    assert client.post(address + "supervision-verdict/", {"verdict": "met"}).status_code == 302
    page = client.get(address).content.decode()
    assert "督办办结" in page and "已达到要求" in page and "l-held" not in page
