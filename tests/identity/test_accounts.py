"""Accounts are the system administrator's, roles the security administrator's, and none can do the other's work."""

import pytest

from bihuan.identity import accounts, book, grants, roles
from bihuan.identity.models import AuditEntry, Staff
from bihuan.identity.viewer import viewer_of
from bihuan.kernel.errors import Conflict, Forbidden, RuleError
from bihuan.kernel.models import SettingChange
from cast import Cast


def _new(cast: Cast, username: str = "xin", **fields) -> tuple[Staff, str]:
    values = {"name": "辛新", "unit_id": cast.units["sc_cz"].pk, **fields}
    return accounts.create_account(username, values, cast.viewer("sy"))


def test_a_new_account_has_no_role_and_a_password_for_once(cast: Cast):
    staff, password = _new(cast)
    assert (staff.roles, staff.must_change_password) == ([], True)
    assert staff.check_password(password)
    assert viewer_of(staff, book.units()).rights == frozenset()
    entry = AuditEntry.objects.get(kind="account")
    assert (entry.subject, entry.detail, entry.actor_id) == ("xin", {"action": "create"}, cast.sy.pk)


def test_the_history_of_an_account_never_holds_its_password(cast: Cast):
    staff, password = _new(cast)
    accounts.reset_password(staff.pk, cast.viewer("sy"))
    told = str(list(SettingChange.objects.filter(table="identity_staff", row_id=staff.pk).values("before", "after")))
    assert "pbkdf2" not in told
    assert password not in told


@pytest.mark.parametrize(
    ("fields", "field"),
    [({"name": " "}, ""), ({"unit_id": 0}, "unit"), ({"deputy_id": 0}, "deputy"), ({"roles": ["hq"]}, "roles")],
)
def test_an_account_that_cannot_be_is_refused(cast: Cast, fields: dict, field: str):
    with pytest.raises(RuleError) as refused:
        _new(cast, **fields)
    assert refused.value.field == (field or "name")


def test_no_account_twice_and_no_strange_names(cast: Cast):
    with pytest.raises(Conflict):
        _new(cast, "an")
    with pytest.raises(RuleError):
        _new(cast, "张三")


@pytest.mark.parametrize("who", ["se", "au", "gu", "li", "an"])
def test_only_the_system_administrator_makes_accounts(cast: Cast, who: str):
    with pytest.raises(Forbidden):
        accounts.create_account("xin", {"name": "x", "unit_id": cast.units["hq"].pk}, cast.viewer(who))
    with pytest.raises(Forbidden):
        accounts.reset_password(cast.an.pk, cast.viewer(who))
    with pytest.raises(Forbidden):
        accounts.close_account(cast.bo.pk, cast.viewer(who))


@pytest.mark.parametrize("who", ["sy", "au", "gu", "li", "an"])
def test_only_the_security_administrator_grants(cast: Cast, who: str):
    with pytest.raises(Forbidden):
        grants.grant(cast.bo.pk, ["lead"], cast.viewer(who))
    with pytest.raises(Forbidden):
        grants.unlock(cast.bo.pk, cast.viewer(who))


def test_nobody_grants_herself(cast: Cast):
    with pytest.raises(Forbidden):
        grants.grant(cast.se.pk, ["secadmin", "manager"], cast.viewer("se"))


@pytest.mark.parametrize("codes", [["sysadmin", "agent"], ["sysadmin", "secadmin"], ["auditor", "hq"], ["boss"]])
def test_an_administrators_role_stands_alone(cast: Cast, codes: list[str]):
    with pytest.raises(RuleError):
        grants.grant(cast.bo.pk, codes, cast.viewer("se"))


def test_a_grant_is_written_down_before_and_after(cast: Cast):
    grants.grant(cast.bo.pk, ["lead", "agent"], cast.viewer("se"))
    assert Staff.objects.get(pk=cast.bo.pk).roles == ["agent", "lead"]
    entry = AuditEntry.objects.get(kind="grant")
    assert entry.detail == {"action": "roles", "before": ["agent"], "after": ["agent", "lead"]}


@pytest.mark.parametrize("last", ["sy", "au"])
def test_the_last_administrator_of_a_kind_stays(cast: Cast, last: str):
    with pytest.raises(Conflict):
        grants.grant(cast.staff[last].pk, ["agent"], cast.viewer("se"))
    with pytest.raises(RuleError):
        accounts.close_account(cast.staff[last].pk, cast.viewer("sy"))


@pytest.mark.parametrize("who", ["sy", "se", "au"])
def test_no_administrator_resets_anothers_password(cast: Cast, who: str):
    with pytest.raises(Forbidden):
        accounts.reset_password(cast.staff[who].pk, cast.viewer("sy"))


def test_a_closed_account_can_do_nothing_and_comes_back(cast: Cast):
    accounts.close_account(cast.bo.pk, cast.viewer("sy"))
    assert cast_rights(cast.bo.pk) == frozenset()
    accounts.reopen_account(cast.bo.pk, cast.viewer("sy"))
    assert roles.REGISTER in cast_rights(cast.bo.pk)


def cast_rights(staff_id: int) -> frozenset[str]:
    return viewer_of(Staff.objects.get(pk=staff_id), book.units()).rights
