"""An enquiry becomes a service request or a lead: the case ends with its clocks, the owning unit works on."""

import pytest

from bihuan.cases.models import Case, CaseEvent
from bihuan.flow import actions as flow
from bihuan.flow import requests as handing_on
from bihuan.insight.asking import OPERATOR
from bihuan.insight.queries import figures
from bihuan.kernel.errors import Conflict, Forbidden, NotFound, RuleError
from bihuan.kernel.models import Message
from bihuan.requests import actions, queries
from bihuan.requests.models import Request
from bihuan.sla.models import Clock, Deadline
from bihuan.triage import actions as triage
from cast import Cast


def _locked(case: Case) -> Case:
    return Case.objects.select_for_update().get(pk=case.pk)


def _enquiry(cast: Cast) -> Case:
    case = cast.case(content="想问一下企业专线一年多少钱")
    flow.accept(_locked(case), cast.doer("di"))
    triage.classify(_locked(case), cast.doer("di"), category="N0101", service_type="enquiry")
    return case


def test_a_complaint_stays_one_and_an_enquiry_ends_with_its_clocks(cast: Cast) -> None:
    complaint, case = cast.case(), _enquiry(cast)
    unit = cast.units["mk_cz"].id
    with pytest.raises(Conflict, match="request.complaint"):
        handing_on.convert(_locked(complaint), cast.doer("di"), "lead", unit, "想办专线")
    handing_on.convert(_locked(case), cast.doer("di"), "lead", unit, "想办专线，打 13800003333")
    case.refresh_from_db()
    row = Request.objects.get(case_id=case.id)
    assert (case.status, case.next_due_at, row.state, row.unit_id) == ("converted", None, "open", unit)
    assert case.ended_at is not None and "13800003333" not in row.wish
    assert not Clock.objects.filter(case_id=case.id, next_at__isnull=False).exists()
    assert Message.objects.filter(subject_id=case.id, purpose="request").exists()
    cells = figures(OPERATOR, ["volume", "open_count", "reply_coverage"]).totals.cells
    assert (cells["volume"].value, cells["open_count"].value, cells["reply_coverage"].among) == (2, 1, 1)


def test_the_owning_unit_works_on_and_each_step_is_told_on_the_case(cast: Cast) -> None:
    case = _enquiry(cast)
    handing_on.convert(_locked(case), cast.doer("di"), "lead", cast.units["mt_cz"].id, "想办专线")
    number = Request.objects.get(case_id=case.id).number

    def step(who: str, code: str, note: str = "", **more: object) -> None:
        row, held = queries.access(cast.viewer(who), number, lock=True)
        actions.step(row, held, cast.doer(who), code, note, **more)  # type: ignore[arg-type]

    with pytest.raises(NotFound):
        queries.access(cast.viewer("ma_wx"), number)
    with pytest.raises(Forbidden):
        step("di", "taking")
    with pytest.raises(RuleError, match="request.note"):
        step("ma", "passing", unit_id=cast.units["mk_cz"].id)
    step("ma", "passing", "是销售的事", unit_id=cast.units["mk_cz"].id)
    step("mk", "taking")
    with pytest.raises(Conflict):
        step("mk", "completion", "x")
    step("mk", "win", "签了一年", worth=12000)
    row = Request.objects.get(number=number)
    assert (row.state, row.owner_id, row.worth, row.result) == ("won", cast.mk.id, 12000, "签了一年")
    assert Deadline.objects.get(kind="request", subject_id=row.pk).ended_at is not None
    kinds = list(CaseEvent.objects.filter(case_id=case.id).order_by("seq").values_list("kind", flat=True))
    assert kinds[-4:] == ["converted", "request_moved", "request_moved", "request_moved"]
    assert queries.sums(queries.visible(cast.viewer("mk"))).of("lead", "won") == 1


def test_the_desk_offers_it_for_enquiries_only(cast: Cast, client) -> None:
    complaint, case = cast.case(), _enquiry(cast)
    client.force_login(cast.di)
    assert f"/cases/{complaint.number}/requests/" not in client.get(f"/cases/{complaint.number}/").content.decode()
    assert f"/cases/{case.number}/requests/" in client.get(f"/cases/{case.number}/").content.decode()
    told = {"kind": "service", "unit": cast.units["mk_cz"].id, "wish": "想改套餐", "version": ""}
    assert client.post(f"/cases/{case.number}/requests/", told).status_code == 302
    assert "看服务请求" in client.get(f"/cases/{case.number}/").content.decode()
    number = Request.objects.get(case_id=case.id).number
    assert client.get(f"/requests/of/{case.number}/")["Location"] == f"/requests/{number}/"
    client.force_login(cast.mk)
    assert number in client.get("/requests/").content.decode()
    assert client.post(f"/requests/{number}/steps/taking/", {}).status_code == 302
    assert client.post(f"/requests/{number}/steps/completion/", {}).status_code == 422
    assert client.post(f"/requests/{number}/steps/completion/", {"note": "已改好"}).status_code == 302
    assert "已改好" in client.get(f"/requests/{number}/").content.decode()
    client.force_login(cast.fe)
    assert client.get("/requests/export/").status_code == 200
    client.cookies["lang"] = "en"
    page = client.get("/requests/").content.decode()
    assert page.count("Service requests") >= 3  # menu, title and sum say the same
