"""Who else has the case open."""

from datetime import timedelta

from bihuan.kernel import clock
from bihuan.web.desk.models import Presence


def _here(desk, case):
    return desk.client.post(f"/cases/{case.number}/presence/", headers={"HX-Request": "true"})


def test_two_on_one_case_hear_of_each_other(at_desk, walk):
    case, other = walk("dispatched"), walk("dispatched")
    assert _here(at_desk("ma"), case).content.strip() == b""
    _here(at_desk("an"), other)
    assert "马跃 也打开着" in _here(at_desk("di"), case).content.decode()
    assert "狄青 也打开着" in _here(at_desk("ma"), case).content.decode()


def test_who_has_gone_is_forgotten(at_desk, walk):
    case = walk("dispatched")
    _here(at_desk("ma"), case)
    with clock.at(clock.now() + timedelta(minutes=2)):
        assert _here(at_desk("di"), case).content.strip() == b""
    with clock.at(clock.now() + timedelta(hours=2)):
        _here(at_desk("di"), case)
    assert Presence.objects.count() == 1


def test_a_foreign_case_tells_nothing(at_desk, walk):
    case = walk("dispatched")
    assert _here(at_desk("di_wx"), case).status_code == 404
    assert not Presence.objects.exists()


def test_an_open_page_keeps_nobody_signed_in(at_desk, walk):
    case = walk("dispatched")
    desk = at_desk("ma")
    desk.see("/desk/unit/")
    seen = desk.client.session["seen"]
    with clock.at(clock.now() + timedelta(minutes=5)):
        assert _here(desk, case).status_code == 200
        assert desk.client.session["seen"] == seen
