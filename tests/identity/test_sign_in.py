"""The door: right and wrong passwords, the lock, idleness, forced change, and that all of it is written down."""

from datetime import timedelta

import pytest
from django.test import Client, override_settings

from bihuan.identity.models import AuditEntry, Staff
from bihuan.kernel import clock
from cast import PASSWORD, Cast


def _enter(client: Client, username: str, password: str = PASSWORD):
    return client.post("/login/", {"username": username, "password": password}, REMOTE_ADDR="10.1.2.3")


def _kinds(**filters) -> list[tuple[str, str]]:
    return list(AuditEntry.objects.filter(**filters).order_by("id").values_list("kind", "result"))


def test_coming_in_and_going_out_is_written_down_with_the_address(client: Client, cast: Cast):
    assert _enter(client, "an").status_code == 302
    client.post("/logout/", REMOTE_ADDR="10.1.2.3")
    assert _kinds(actor=cast.an) == [("login", "ok"), ("logout", "ok")]
    assert AuditEntry.objects.filter(actor=cast.an).first().address == "10.1.2.3"


def test_the_fifth_wrong_password_locks_the_account_for_a_quarter_of_an_hour(client: Client, cast: Cast):
    for _try in range(5):
        assert "账号或密码不对" in _enter(client, "an", "wrong").content.decode()
    assert "_auth_user_id" not in client.session
    assert _enter(client, "an").status_code == 200, "even the right password does not open a locked account"
    assert [result for _kind, result in _kinds(kind="login_failed")] == ["wrong"] * 4 + ["locked_now", "locked"]
    with clock.at(clock.now() + timedelta(minutes=16)):
        assert _enter(client, "an").status_code == 302


def test_a_right_password_forgets_the_wrong_ones_before(client: Client, cast: Cast):
    for _round in range(2):
        for _try in range(4):
            _enter(client, "an", "wrong")
        assert _enter(client, "an").status_code == 302
        client.post("/logout/")


def test_a_name_nobody_has_is_answered_alike_and_not_kept(client: Client, cast: Cast):
    told = _enter(client, "my-secret-password", "x").content.decode()
    assert "账号或密码不对" in told
    entry = AuditEntry.objects.get(kind="login_failed")
    assert (entry.result, entry.subject, entry.actor_name) == ("unknown", "", "")


@pytest.mark.parametrize("change", [{"is_active": False}, {"is_system": True}])
def test_a_closed_account_and_one_of_another_system_never_sign_in(client: Client, cast: Cast, change: dict):
    Staff.objects.filter(pk=cast.an.pk).update(**change)
    assert _enter(client, "an").status_code == 200
    assert _kinds(kind="login_failed") == [("login_failed", "inactive")]


def test_who_does_nothing_for_half_an_hour_is_signed_out(client: Client, cast: Cast):
    _enter(client, "gu")
    now = clock.now()
    client.get("/password/")
    with clock.at(now + timedelta(minutes=29)):
        assert client.get("/password/").status_code == 200
    with clock.at(now + timedelta(minutes=58)):
        assert client.get("/password/").status_code == 200, "every click counts"
    with clock.at(now + timedelta(minutes=90)):
        answer = client.get("/password/?a=1")
    assert answer.status_code == 302
    assert answer["Location"] == "/login/?next=%2Fpassword%2F%3Fa%3D1"
    assert AuditEntry.objects.get(kind="logout").detail == {"why": "idle"}


def test_a_listening_page_does_not_keep_someone_signed_in(client: Client, cast: Cast):
    _enter(client, "gu")
    now = clock.now()
    client.get("/password/")
    with clock.at(now + timedelta(minutes=25)):
        client.get("/password/", headers={"Accept": "text/event-stream"})
    with clock.at(now + timedelta(minutes=35)):
        assert client.get("/password/", headers={"HX-Request": "true"})["HX-Redirect"] == "/login/?next=%2F"


def test_a_given_password_must_be_changed_before_anything_else(client: Client, cast: Cast):
    Staff.objects.filter(pk=cast.gu.pk).update(must_change_password=True)
    _enter(client, "gu")
    assert client.get("/")["Location"] == "/password/"
    told = client.post("/password/", {"old": PASSWORD, "new": "short", "again": "short"})
    assert told.status_code == 422
    told = client.post("/password/", {"old": PASSWORD, "new": PASSWORD, "again": PASSWORD}).content.decode()
    assert "新密码不能和原密码相同" in told
    fresh = "brand-new words 7"
    assert client.post("/password/", {"old": "no", "new": fresh, "again": fresh}).status_code == 422
    assert client.post("/password/", {"old": PASSWORD, "new": fresh, "again": fresh}).status_code == 302
    staff = Staff.objects.get(pk=cast.gu.pk)
    assert staff.check_password(fresh)
    assert not staff.must_change_password
    assert client.get("/").headers.get("Location") != "/password/"


def test_a_password_too_old_must_be_changed_too(client: Client, cast: Cast):
    with clock.at(clock.now() + timedelta(days=91)):
        _enter(client, "gu")
        assert client.get("/")["Location"] == "/password/"
        with override_settings(PASSWORD_DAYS=0):
            assert client.get("/").headers.get("Location") != "/password/"
