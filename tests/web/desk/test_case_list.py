"""The list of all cases: filters in the address, numbers never, Excel of exactly what is shown."""

import io

import pytest
from python_calamine import load_workbook

from bihuan.identity.models import AuditEntry
from bihuan.intake.schema import Customer
from bihuan.knowledge import search
from bihuan.web.desk import export, searching
from web.desk.conftest import now


def _numbers(answer):
    return [row.number for row in answer.context["rows"]]


def test_only_cases_in_reach_are_listed_newest_first(at_desk, walk, cast):
    first, second = walk("registered"), walk("dispatched")
    foreign = cast.case("an_wx", area="320211")
    assert _numbers(at_desk("di").see("/cases/")) == [second.number, first.number]
    assert _numbers(at_desk("di_wx").see("/cases/")) == [foreign.number]
    assert set(_numbers(at_desk("he").see("/cases/"))) == {first.number, second.number, foreign.number}


def test_filters_stand_in_the_address_and_in_the_form(at_desk, walk):
    walk("registered")
    dispatched = walk("dispatched")
    answer = at_desk("di").see("/cases/", status="dispatched")
    assert _numbers(answer) == [dispatched.number]
    assert '<option value="dispatched" selected>' in answer.content.decode()


def test_a_filter_from_a_figure_is_kept_and_said(at_desk, walk):
    walk("registered")
    answer = at_desk("di").see("/cases/", **{"is": "late", "status": "registered"})
    body = answer.content.decode()
    assert '<input type="hidden" name="is" value="late">' in body
    assert "超时" in body


def test_a_bad_filter_is_refused_with_words(at_desk):
    answer = at_desk("di").see("/cases/", status="nosuch")
    assert answer.status_code == 422
    assert "nosuch" in answer.content.decode()


def test_words_are_found_inside_a_sentence(at_desk, walk):
    found = walk("registered", content="昨晚开始断网，路由器重启也没有用")
    walk("registered", content="套餐费用和说好的不一样，请核实退费")
    assert _numbers(at_desk("di").see("/cases/", q="断网")) == [found.number]
    assert _numbers(at_desk("di").see("/cases/", q="断网 路由器")) == [found.number]
    assert _numbers(at_desk("di").see("/cases/", q="断网 退费")) == []
    assert _numbers(at_desk("di").see("/cases/", q="100%")) == []


def test_pages_follow_each_other(at_desk, walk, monkeypatch):
    from bihuan.web.desk import listing

    monkeypatch.setattr(listing, "PAGE", 2)
    numbers = [walk("registered").number for _ in range(3)]
    desk = at_desk("di")
    one = desk.see("/cases/", status="registered")
    two = desk.client.get("/cases/" + one.context["next_url"])
    assert _numbers(one) + _numbers(two) == numbers[::-1]
    assert two.context["next_url"] == ""


def test_a_phone_number_finds_its_cases_by_post(at_desk, walk, cast):
    case = walk("registered", customer=Customer(name="李四", phone="13700001111"))
    cast.case("an_wx", area="320211", customer=Customer(name="李四", phone="13700001111"))
    answer = at_desk("di").client.post("/cases/", {"number": "137 0000 1111"})
    assert _numbers(answer) == [case.number]
    assert "13700001111" not in answer.content.decode()


def test_a_part_of_a_number_finds_its_cases_for_who_may_ask_so(at_desk, walk, cast):
    case = walk("registered", customer=Customer(name="李四", phone="13700001111"))
    cast.case("an_wx", area="320211", customer=Customer(name="李四", phone="13700001111"))
    for typed in ("1111", "001111", "137*1111"):
        answer = at_desk("di").client.post("/cases/", {"number": typed})
        assert _numbers(answer) == [case.number], typed
    body = answer.content.decode()
    assert "1 张工单的客户号码是这样的" in body and "137****1111" in body and "13700001111" not in body
    refused = at_desk("fe").client.post("/cases/", {"number": "1111"})
    assert refused.status_code == 422
    assert "请输入完整号码" in refused.content.decode()


def test_a_number_typed_into_the_search_field_is_not_kept_in_an_address(at_desk, walk):
    walk("registered")
    desk = at_desk("di")
    for typed in ("13912345678", "139*5678", "139****5678"):
        answer = desk.see("/desk/find/", q=typed)
        assert answer["Location"] == "/cases/?by=number", typed
    assert "按号码查" in desk.see(answer["Location"]).content.decode()


@pytest.mark.parametrize("typed", ["{number}", "{lower}", "{bare}"])
def test_a_complaints_number_leads_to_it(at_desk, walk, typed):
    case = walk("registered")
    told = typed.format(number=case.number, lower=case.number.lower(), bare=case.number[2:])
    assert at_desk("di").see("/desk/find/", q=told)["Location"] == f"/cases/{case.number}/"
    assert at_desk("di_wx").see("/desk/find/", q=told).get("Location", "") != f"/cases/{case.number}/"


def test_a_source_number_leads_to_the_case(at_desk, walk):
    case = walk("registered", source_system="EMOS", source_number="E-2026-7")
    assert at_desk("di").see("/desk/find/", q="E-2026-7")["Location"] == f"/cases/{case.number}/"


def test_other_words_are_looked_for_in_the_texts(at_desk):
    assert at_desk("di").see("/desk/find/", q="断网")["Location"] == "/search/?q=%E6%96%AD%E7%BD%91"


def _sheet(answer):
    return load_workbook(io.BytesIO(b"".join(answer.streaming_content))).get_sheet_by_index(0).to_python()


def test_the_sheet_is_what_the_list_shows_masked_and_logged(at_desk, walk, cast):
    walk("registered")
    case = walk("dispatched", content="=1+1 打 13812345678 没人接")
    answer = at_desk("di").see("/cases/export/", status="dispatched")
    rows = _sheet(answer)
    assert [row[0] for row in rows[1:]] == [case.number]
    told = "".join(str(cell) for row in rows for cell in row)
    assert "=1+1 打 138****5678" in told
    assert "13812345678" not in told and "13912345678" not in told and "王小明" not in told
    entry = AuditEntry.objects.get(kind="export")
    assert (entry.actor_id, entry.detail["rows"]) == (cast.di.id, 1)
    assert "status=dispatched" in entry.detail["filter"]


@pytest.mark.parametrize("who", ["an", "ma", "ji", "he"])
def test_exporting_takes_its_own_right(at_desk, who):
    assert at_desk(who).see("/cases/export/").status_code == 403
    assert not AuditEntry.objects.filter(kind="export").exists()


def test_a_list_too_long_for_a_sheet_is_refused(at_desk, walk, monkeypatch):
    monkeypatch.setattr(export, "MOST", 1)
    walk("registered")
    assert at_desk("di").see("/cases/export/").status_code == 200
    walk("registered")
    assert at_desk("di").see("/cases/export/").status_code == 422


def test_a_search_that_takes_too_long_asks_to_be_narrowed(at_desk, walk, monkeypatch):
    from django.db import connection

    case = walk("registered")

    def slow(words):
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM generate_series(1, 100000000)")

    monkeypatch.setattr(search, "narrowing", slow)
    monkeypatch.setattr(searching, "SECONDS", 0.05)
    answer = at_desk("di").see("/cases/", q="断网")
    assert answer.status_code == 422
    assert "请加上日期" in answer.content.decode()
    assert now(case).status == "registered"
