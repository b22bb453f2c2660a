"""Sharing work at the desk: who is offered what, the pages of disputes, the unit's way and its people's skills."""

from datetime import timedelta

from bihuan.cases.models import Case, CaseEvent
from bihuan.dispatch import queries
from bihuan.dispatch.models import Skill, UnitWork
from bihuan.flow import assigning as periodic
from bihuan.flow import sharing
from bihuan.identity.models import Absence
from bihuan.kernel import clock


def offered(desk, case):
    page = desk.see(f"/cases/{case.number}/")
    return {one.code for one in [*page.context["offers"].likely, *page.context["offers"].others]}


def now(case):
    return Case.objects.get(pk=case.pk)


def test_the_lead_gives_it_to_someone_and_the_deputys_work_comes_back(at_desk, cast, walk):
    case = walk("dispatched")
    lead, ma = at_desk("li"), at_desk("ma")
    assert "assignments" in offered(lead, case)
    assert "assignments" not in offered(ma, case)
    assert "手上 0 件" in lead.see(f"/cases/{case.number}/assignments/").content.decode()
    assert lead.step(case, "assignments", staff=cast.ma.pk, why="熟悉这个基站").status_code == 302
    assert now(case).handler_id == cast.ma.pk
    assert "→ 马跃" in lead.see(f"/cases/{case.number}/").content.decode()
    ma.step(case, "receipts", assessment="self")
    away = Absence.objects.create(staff=cast.ma, starts_at=clock.now(), ends_at=clock.now() + timedelta(days=1))
    cast.units["mt_cz"].responsible = cast.li
    cast.units["mt_cz"].save()
    periodic.run()
    assert now(case).handler_id == cast.li.pk
    assert "takebacks" not in offered(ma, case)
    away.delete()
    periodic.run()
    assert "takebacks" in offered(ma, case)
    assert ma.step(case, "takebacks").status_code == 302
    assert now(case).handler_id == cast.ma.pk
    assert ma.step(case, "releases", why="点错了").status_code == 302
    assert (now(case).status, now(case).handler_id) == ("dispatched", None)


def test_a_unit_asks_for_a_ruling_and_the_duty_manager_rules_on_the_page(at_desk, cast, walk):
    case = walk("received")
    ma = at_desk("ma")
    ma.step(case, "disputes", unit=cast.units["mk_cz"].pk, reason="属于资费争议")
    found = queries.open_dispute(case.id)
    assert found is not None
    assert "disputes" not in offered(ma, case)
    address = f"/disputes/{found.pk}/"
    assert "归属争议待裁定" in ma.see(f"/cases/{case.number}/").content.decode()
    other = at_desk("mk").client.post(address, {"part": "statement", "text": "账单没有问题"})
    assert other.status_code == 302
    assert at_desk("di_wx").see(address).status_code == 404
    assert ma.see(address).context["ruling"] is None
    duty = at_desk("du")
    assert case.number in duty.see("/disputes/").content.decode()
    assert duty.client.post(address, {"part": "ruling", "owner": "", "text": ""}).status_code == 422
    assert (
        duty.client.post(
            address, {"part": "ruling", "owner": cast.units["mk_cz"].pk, "text": "网络侧已排除"}
        ).status_code
        == 302
    )
    assert now(case).holder_unit_id == cast.units["mk_cz"].pk
    page = duty.see("/disputes/?show=ruled").content.decode()
    assert case.number in page
    assert "改变首接部门" in page
    assert "returns" in offered(at_desk("mk"), case)
    assert at_desk("mk").step(case, "returns", reason="wrong_unit", note="不服").status_code == 409


def test_a_co_handling_unit_contributes_and_the_lead_is_warned(at_desk, cast, walk):
    case = walk("in_handling")
    at_desk("di").step(case, "cohandling", units=[cast.units["mk_cz"].pk], ask="核对套餐", hours="8")
    mk, ma = at_desk("mk"), at_desk("ma")
    assert offered(mk, case) >= {"contributions", "contacts", "evidence"}
    assert "replies" not in offered(mk, case)
    assert case.number in mk.see("/desk/beside/").content.decode()
    assert "常州市场部" in ma.see(f"/cases/{case.number}/replies/").content.decode().split("协同部门还没有完成")[1]
    assert mk.step(case, "contacts", means="call", reached="on", note="与客户核对了套餐").status_code == 302
    assert now(case).handler_id == cast.ma.pk
    assert mk.step(case, "contributions", report="套餐无误", done="on").status_code == 302
    assert case.number not in mk.see("/desk/beside/").content.decode()
    assert not offered(mk, case) & {"contributions", "contacts", "evidence"}
    other, di = walk("accepted"), at_desk("di")
    told = {"unit": cast.units["mt_cz"].pk, "beside": [cast.units["wj"].pk], "demands": "上门核查户内线路", "why": ""}
    assert di.step(other, "dispatches", **told).status_code == 302
    assert "contributions" in offered(at_desk("wu"), other)
    assert "协同部门还没有完成" not in ma.see(f"/cases/{case.number}/replies/").content.decode()


def test_the_lead_sets_how_the_unit_shares_out_and_who_can_do_what(at_desk, cast, walk):
    lead, unit = at_desk("li"), cast.units["mt_cz"]
    told = {"unit": unit.pk, "mode": "auto", "pickup_term": "30m", "late_to": "pool", "most_open": 20, "share_days": 14}
    assert lead.client.post("/setup/sharing/", {**told, "pickup_term": "半小时吧"}).status_code == 422
    assert lead.client.post("/setup/sharing/", told).status_code == 302
    assert UnitWork.objects.get().mode == "auto"
    address = f"/setup/sharing/{cast.ma.pk}/skills/"
    assert lead.client.post(address, {"category": ["N01"], "product": [], "level": 6}).status_code == 302
    assert set(Skill.objects.values_list("kind", "code")) == {("category", "N01"), ("level", "6")}
    assert lead.client.post(address, {"category": [], "product": [], "level": 0}).status_code == 302
    assert not Skill.objects.exists()
    assert lead.see(f"/setup/sharing/{cast.mk.pk}/skills/").status_code == 404
    assert lead.client.post("/setup/sharing/", {**told, "unit": cast.units["mk_cz"].pk}).status_code == 302
    assert list(UnitWork.objects.values_list("unit_id", flat=True)) == [unit.pk]
    case = walk("dispatched")
    periodic.run()
    said = CaseEvent.objects.get(case_id=case.id, kind="assigned").payload
    assert said["to"] == cast.ma.pk
    page = lead.see(f"/cases/{case.number}/").content.decode()
    assert "在岗，手上 0 件，近期已分 0 件，1 人中轮到" in page
    sharing.assign(now(case), cast.doer("li"), None)
    assert now(case).handler_id is None
