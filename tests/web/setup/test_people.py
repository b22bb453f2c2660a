"""Units and people on their pages: each administrator does her part there and nothing else."""

import re

from django.test import Client

from bihuan.identity.models import AuditEntry, Staff, Unit
from cast import CITY, Cast


def _as(client: Client, cast: Cast, name: str) -> Client:
    client.force_login(cast.staff[name])
    return client


def _unit(**changes) -> dict:
    return {"name": "维护二班", "name_en": "", "kind": "team", "parent": "", "area": "", "responsible": "", **changes}


def test_a_unit_is_made_moved_and_put_back(client: Client, cast: Cast):
    _as(client, cast, "sy")
    parent = cast.units["mt_cz"].pk
    answer = client.post("/setup/units/new/", _unit(code="team_2", parent=parent, area=str(CITY), responsible="te"))
    unit = Unit.objects.get(code="team_2")
    assert answer["Location"] == f"/setup/units/{unit.pk}/"
    assert (unit.area_id, unit.area_level, unit.responsible) == (CITY, 2, cast.te)
    client.post(f"/setup/units/{unit.pk}/", _unit(name="维护三班", parent=cast.units["hq"].pk))
    page = client.get(f"/setup/units/{unit.pk}/").content.decode()
    assert "<del>维护二班</del>" in page
    assert "<ins>维护三班</ins>" in page
    assert "施工" in page
    undo = re.search(r'action="(/setup/history/\d+/restoration/)"', page)
    assert undo is not None
    client.post(undo[1])
    unit.refresh_from_db()
    assert (unit.name, unit.parent_id, unit.area_id) == ("维护二班", parent, CITY)


def test_what_a_rule_refuses_is_said_beside_its_field(client: Client, cast: Cast):
    _as(client, cast, "sy")
    answer = client.post(f"/setup/units/{cast.units['mt_cz'].pk}/", _unit(parent=cast.units["team_cz"].pk))
    assert answer.status_code == 422
    assert "上级部门不能是本部门或它下面的部门" in answer.content.decode()


def test_a_unit_that_holds_a_complaint_is_not_closed(client: Client, cast: Cast):
    case = cast.case()
    Staff.objects.filter(unit=cast.units["sp"]).update(unit=cast.units["hq"])
    type(case).objects.filter(pk=case.pk).update(holder_unit_id=cast.units["sp"].pk)
    _as(client, cast, "sy")
    address = f"/setup/units/{cast.units['sp'].pk}/retirement/"
    answer = client.post(address)
    assert answer.status_code == 409
    assert "还有 1 件在办投诉" in answer.content.decode()
    type(case).objects.filter(pk=case.pk).update(holder_unit_id=cast.units["sc_cz"].pk)
    assert client.post(address).status_code == 302
    assert not Unit.objects.get(code="sp").active


def test_a_new_account_shows_its_password_once_and_can_do_nothing_yet(client: Client, cast: Cast):
    _as(client, cast, "sy")
    told = {"username": "xin", "name": "辛新", "unit": cast.units["sc_cz"].pk, "deputy": "bo", "skills": "宽带、光猫"}
    page = client.post("/setup/staff/new/", told).content.decode()
    password = re.search(r'id="one-time">([^<]+)<', page)
    assert password is not None
    staff = Staff.objects.get(username="xin")
    assert staff.check_password(password[1])
    assert (staff.deputy, staff.skills, staff.roles) == (cast.bo, ["宽带", "光猫"], [])
    assert password[1] not in client.get(f"/setup/staff/{staff.pk}/").content.decode()


def test_roles_are_granted_by_the_security_administrator_only(client: Client, cast: Cast):
    address = f"/setup/staff/{cast.bo.pk}/roles/"
    assert _as(client, cast, "sy").post(address, {"roles": ["lead"]}).status_code == 404
    _as(client, cast, "se")
    assert client.post(address, {"roles": ["lead", "sysadmin"]}).status_code == 422
    assert client.post(address, {"roles": ["lead"]}).status_code == 302
    assert Staff.objects.get(pk=cast.bo.pk).roles == ["lead"]
    own = client.post(f"/setup/staff/{cast.se.pk}/roles/", {"roles": ["manager"]})
    assert own.status_code == 422
    assert "不能给自己授权" in own.content.decode()
    assert Staff.objects.get(pk=cast.se.pk).roles == ["secadmin"]


def test_the_security_administrator_changes_no_account(client: Client, cast: Cast):
    _as(client, cast, "se")
    assert client.post(f"/setup/staff/{cast.bo.pk}/password/").status_code == 404
    assert client.post(f"/setup/staff/{cast.bo.pk}/retirement/").status_code == 404
    assert client.get("/setup/staff/new/").status_code == 404


def test_people_are_found_by_word_unit_and_role(client: Client, cast: Cast):
    _as(client, cast, "sy")
    tree = client.get("/setup/staff/", {"unit": cast.units["mt_cz"].pk}).content.decode()
    assert "马跃" in tree
    assert "滕飞" in tree, "those below count too"
    assert "安宁" not in tree
    assert "沈安" in client.get("/setup/staff/", {"role": "secadmin"}).content.decode()
    assert "没有找到账号" in client.get("/setup/staff/", {"q": "无此人"}).content.decode()


def test_a_locked_account_is_unlocked_by_the_security_administrator(client: Client, cast: Cast):
    for _try in range(5):
        client.post("/login/", {"username": "an", "password": "wrong"})
    _as(client, cast, "se")
    assert "已锁定" in client.get(f"/setup/staff/{cast.an.pk}/").content.decode()
    client.post(f"/setup/staff/{cast.an.pk}/unlocking/")
    assert Staff.objects.get(pk=cast.an.pk).locked_until is None
    assert AuditEntry.objects.filter(kind="grant", subject="an").exists()
