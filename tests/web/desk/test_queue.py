"""The list beside the case."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from web.desk.conftest import now


def test_the_desk_opens_on_ones_own_queue(at_desk):
    assert at_desk("ma").see("/desk/")["Location"] == "/desk/mine/"
    assert at_desk("re").see("/desk/")["Location"] == "/desk/revisit/"
    assert at_desk("he").see("/desk/")["Location"] == "/cases/"


def test_a_row_shows_masks_and_never_the_number_itself(at_desk, walk):
    walk("dispatched", content="打 13812345678 没人接，家里三天没有信号")
    page = at_desk("ma").see("/desk/unit/").content.decode()
    assert "王**" in page
    assert "138****5678" in page
    assert "13812345678" not in page and "王小明" not in page


def test_the_open_case_stands_in_the_address(at_desk, walk):
    case = walk("dispatched")
    page = at_desk("ma").see("/desk/unit/", case=case.number).content.decode()
    assert f'data-case="{case.number}"' in page
    assert 'id="list"' in page


def test_htmx_gets_the_pane_alone(at_desk, walk):
    case = walk("dispatched")
    answer = at_desk("ma").client.get(
        f"/desk/unit/?case={case.number}", headers={"HX-Request": "true", "HX-Target": "section#pane"}
    )
    body = answer.content.decode()
    assert body.lstrip().startswith("<section")
    assert 'id="list"' not in body


def test_a_done_step_answers_with_pane_row_and_word(at_desk, walk):
    case = walk("dispatched")
    answer = at_desk("ma").htmx(case, "receipts", assessment="self", **{"from": "unit"})
    body = answer.content.decode()
    assert answer["HX-Retarget"] == "#pane"
    assert f'id="row-{case.number}"' in body and 'hx-swap-oob="true"' in body
    assert "已接单" in body


def test_pages_follow_each_other_without_gaps(at_desk, walk, monkeypatch):
    from bihuan.cases import queues

    numbers = {walk("dispatched").number for _ in range(5)}
    page = queues.page
    monkeypatch.setattr(queues, "page", lambda viewer, code, after="": page(viewer, code, after, limit=2))
    seen, address = [], "/desk/unit/"
    for _ in range(3):
        answer = at_desk("ma").see(address)
        seen += [row.number for row in answer.context["rows"]]
        address = answer.context["next_url"]
    assert sorted(seen) == sorted(numbers)
    assert address == ""


@pytest.mark.parametrize("address", ["/desk/unit/", "/cases/"])
def test_statements_do_not_grow_with_the_rows(at_desk, walk, address):
    desk = at_desk("ma")

    def count():
        with CaptureQueriesContext(connection) as seen:
            assert desk.see(address).status_code == 200
        return len(seen)

    walk("dispatched")
    count()
    one = count()
    for _ in range(4):
        walk("dispatched")
    assert count() == one
    assert one <= 15


def test_the_case_page_takes_a_constant_number_of_statements(at_desk, walk):
    desk = at_desk("ma")

    def count(case):
        with CaptureQueriesContext(connection) as seen:
            assert desk.see(f"/cases/{case.number}/").status_code == 200
        return len(seen)

    short, long = walk("dispatched"), walk("in_handling")
    for _ in range(10):
        at_desk("ma").step(long, "contacts", means="call", note="又联系了一次", reached="on")
    count(short)
    assert abs(count(long) - count(short)) <= 1
    assert count(long) <= 32


def test_bulk_receiving_answers_row_by_row(at_desk, walk):
    good, done = walk("dispatched"), walk("received")
    answer = at_desk("ma").client.post(
        "/desk/bulk/", {"do": "receipts", "pick": [good.number, done.number, "TS000000-00000000"]}
    )
    results = {result.number: result.ok for result in answer.context["results"]}
    assert results == {good.number: True, done.number: False, "TS000000-00000000": False}
    assert now(good).status == "received"


def test_bulk_dispatching_follows_the_rules(at_desk, walk):
    fresh, accepted = walk("registered"), walk("accepted")
    at_desk("di").client.post("/desk/bulk/", {"do": "dispatches", "pick": [fresh.number, accepted.number]})
    assert {now(fresh).status, now(accepted).status} == {"dispatched"}


def test_bulk_without_rows_is_refused(at_desk):
    answer = at_desk("di").client.post("/desk/bulk/", {"do": "dispatches"})
    assert answer.status_code == 422
