"""The named interface person writes from the template, filled from the case; what was handed in stays as it left."""

import pytest

from bihuan.assistance import actions as assistance
from bihuan.cases.models import Case
from bihuan.flow import majors
from bihuan.handling.models import Evidence
from bihuan.kernel.errors import Conflict, Forbidden, NotFound, RuleError
from bihuan.majors import actions, queries
from bihuan.majors.models import Report, Version
from bihuan.sla import deadlines
from cast import Cast
from web.desk.conftest import at_desk, now, walk  # noqa: F401 - fixtures


def test_the_interface_person_leads_and_the_template_is_filled(walk, cast: Cast) -> None:  # noqa: F811
    case: Case = now(walk("in_handling"))
    actions.name_interface(cast.units["mt_cz"].id, cast.li.id, cast.gu.id)
    task = assistance.ask(case, cast.doer("ma"), [cast.units["mk_cz"].id], "请核对账单", "4h")[0]
    assistance.answer(case, task, cast.doer("mk"), "账单无误。")
    report = majors.begin(case, cast.doer("di"))
    assert report.lead_id == cast.li.id
    assert deadlines.open_of("report", [report.pk])
    assert "major" in now(case).flags
    with pytest.raises(Conflict):
        majors.begin(case, cast.doer("di"))
    title, text = majors.proposal(case)
    assert case.number in title
    for part in ("账单无误。", "常州维护装维部", "家里三天没有信号", "马跃"):
        assert part in text
    with pytest.raises(Forbidden):
        queries.access_report(cast.viewer("ma"), report.pk)
    with pytest.raises(NotFound):
        queries.access_report(cast.viewer("ma_wx"), report.pk)
    with pytest.raises(Conflict):
        majors.hand_in(case, report, cast.doer("li"), cast.units["mgmt"].id)
    first = actions.write(case, report, cast.doer("li"), title, text + "\n电话 13912345678")
    assert "13912345678" not in first.text
    assert actions.write(case, report, cast.doer("li"), first.title, first.text) == first
    assert case.number in majors.sheet(case, first).title
    majors.hand_in(case, report, cast.doer("li"), cast.units["mgmt"].id)
    assert Evidence.objects.filter(case_id=case.id, name__startswith="重大投诉报告").exists()
    assert not deadlines.open_of("report", [report.pk])
    with pytest.raises(Conflict):
        actions.write(case, report, cast.doer("li"), title, text + "再改")


def test_at_the_desk_and_in_set_up(at_desk, walk, cast: Cast) -> None:  # noqa: F811
    manager = at_desk("gu").client
    unit, person = cast.units["mt_cz"].id, cast.li.id
    assert manager.post("/setup/report/interface/", {"unit": unit, "staff": person}).status_code == 302
    assert (
        manager.post(
            "/setup/report/", {"title": "报告 {编号}", "text": "内容 {不存在的} 超过二十个字才可以保存哦"}
        ).status_code
        == 422
    )
    told = {"title": "报告 {编号}", "text": "一、投诉内容：{投诉内容}\n二、处理经过：{处理经过}"}
    assert manager.post("/setup/report/", told).status_code == 302
    assert manager.get("/setup/report/").status_code == 200
    case = walk("in_handling")
    form = at_desk("li").see(f"/cases/{case.number}/major-report/").content.decode()
    assert "林立" in form
    from datetime import timedelta

    from bihuan.kernel import clock

    due = f"{clock.now() + timedelta(hours=30):%Y-%m-%dT%H:%M}"
    assert at_desk("li").step(case, "major-report", due=due).status_code == 302
    report = Report.objects.get()
    base, lead = f"/teamwork/reports/{report.pk}/", at_desk("li").client
    assert "一、投诉内容：家里三天没有信号" in lead.get(base).content.decode()
    assert lead.post(f"{base}versions/", {"title": "报告", "text": "太短"}).status_code == 422
    words = {"title": "报告", "text": "一、投诉内容：三天没有信号。二、原因：基站断电。三、整改：加装备电。"}
    assert lead.post(f"{base}versions/", words).status_code == 302
    assert lead.get(f"{base}versions/1.docx").status_code == 200
    assert lead.post(f"{base}handing/", {"to": cast.units["mgmt"].id}).status_code == 302
    assert lead.get(f"{base}versions/1.docx").status_code == 200
    assert Version.objects.count() == 1
    assert lead.get("/teamwork/reports/?show=done").status_code == 200
    assert at_desk("ma_wx").see(base).status_code == 404


def test_without_anybody_named_the_responsible_leads_or_it_is_refused(walk, cast: Cast) -> None:  # noqa: F811
    case = now(walk("in_handling"))
    with pytest.raises(RuleError):
        actions.begin(case, cast.doer("di"))
