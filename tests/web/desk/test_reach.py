"""What a reader may not see does not exist for her, on every address of a case; what she may not do is refused."""

import pytest

from bihuan.web.desk.nouns import NOUNS
from web.desk.conftest import now

PAGES = ["", "deadlines/", "sheet/", "reveal/", "personal/", "evidence/1/", *[f"{noun}/" for noun in NOUNS]]


def test_a_foreign_number_is_404_everywhere(at_desk, walk):
    case = walk("dispatched")
    stranger = at_desk("di_wx")
    for page in PAGES:
        assert stranger.see(f"/cases/{case.number}/{page}").status_code == 404, page
        if page.rstrip("/") in NOUNS:
            assert stranger.step(case, page.rstrip("/"), why="x", note="x").status_code == 404, page


@pytest.mark.parametrize("who", ["sy", "se", "au"])
def test_administrators_see_no_case(at_desk, walk, who):
    case = walk("dispatched")
    assert at_desk(who).see(f"/cases/{case.number}/").status_code == 404
    assert case.number not in at_desk(who).see("/cases/", follow=True).content.decode()


def test_a_stranger_is_led_to_the_door(client, walk):
    case = walk("dispatched")
    answer = client.get(f"/cases/{case.number}/")
    assert answer.status_code == 302
    assert answer["Location"].startswith("/login/")


@pytest.mark.parametrize(
    ("who", "noun", "status"),
    [
        ("ji", "receipts", 403), ("he", "chasers", 403), ("fe", "priority", 403), ("an", "receipts", 403),
        ("ma", "recalls", 403), ("du", "receipts", 403), ("mk", "receipts", 404), ("te", "receipts", 404),
        ("li", "receipts", 302), ("ma", "receipts", 302),
    ],
)  # fmt: skip
def test_who_may_receive_what_was_dispatched_to_maintenance(at_desk, walk, who, noun, status):
    case = walk("dispatched")
    answer = at_desk(who).step(case, noun, assessment="self", why="派错了", channel="hotline", priority=1, urgency=1)
    assert answer.status_code == status
    assert now(case).status == ("received" if status == 302 else "dispatched")


def test_whoever_handled_it_is_not_offered_the_revisit(at_desk, walk, cast):
    case = walk("replied")
    cast.ma.roles = ["handler", "revisit"]
    cast.ma.save()
    page = at_desk("ma").see(f"/cases/{case.number}/").content.decode()
    assert f"/cases/{case.number}/revisits/" not in page
    assert at_desk("ma").step(case, "revisits", satisfaction="3").status_code == 403
    assert now(case).status == "replied"


def test_a_unit_that_gave_it_back_reads_on_but_does_nothing(at_desk, walk):
    case = walk("received")
    at_desk("ma").step(case, "returns", reason="wrong_unit", note="应由市场部处理")
    page = at_desk("ma").see(f"/cases/{case.number}/")
    assert page.status_code == 200
    assert f"/cases/{case.number}/contacts/" not in page.content.decode()
    assert at_desk("ma").step(case, "replies", means="call", text="这是一段答复", accepted="").status_code == 403


def test_a_queue_of_another_role_does_not_exist(at_desk):
    assert at_desk("ma").see("/desk/revisit/").status_code == 404
    assert at_desk("ma").see("/desk/nosuch/").status_code == 404
