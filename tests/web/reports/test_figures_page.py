"""The figures page: everything chosen stands in the address, every number opens its cases, the workbook says the same."""

import re
from html import unescape
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from python_calamine import CalamineWorkbook

from bihuan.cases.access import visible
from bihuan.cases.filters import parse
from bihuan.identity.models import AuditEntry
from bihuan.insight import words
from cast import Cast

pytestmark = pytest.mark.django_db
ADDRESS = "/reports/figures/"


@pytest.fixture
def cases(cast: Cast) -> Cast:
    """Three cases at home, one in the other city."""
    cast.case()
    cast.case(channel="web")
    cast.case(channel="web", category="N0201")
    cast.case("an_wx", area="320211")
    return cast


def page(client: Client, who: Any, **asked: str) -> str:
    client.force_login(who)
    answer = client.get(ADDRESS, asked, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def test_without_wishes_it_shows_three_months_by_month(client: Client, cases: Cast) -> None:
    client.force_login(cases.he)
    answer = client.get(ADDRESS)
    assert answer.status_code == 302
    assert re.search(r"by=month&from=\d{4}-\d\d-01&to=\d{4}-\d\d-\d\d$", answer["Location"])
    assert ">4</a>" in page(client, cases.he)


def test_each_number_opens_its_cases(client: Client, cases: Cast) -> None:
    text = page(client, cases.he, measure="volume,late_rate", by="channel,district")
    found = re.findall(r'<a href="/cases/\?([^"]+)"(?: title="[^"]*")?>([\d,]+)</a>', text)
    assert sorted(int(number) for _query, number in found) == [1, 1, 2, 2, 4]
    for query, number in found:
        chosen = parse(
            [pair.split("=", 1) for pair in unescape(query).replace("%2B", "+").replace("%3A", ":").split("&")]
        )
        assert visible(cases.viewer("he")).filter(chosen.q()).count() == int(number.replace(",", ""))


def test_a_reader_is_shown_only_what_she_may_see(client: Client, cases: Cast) -> None:
    assert ">3</a>" in page(client, cases.di, measure="volume", by="city")
    assert ">1</a>" in page(client, cases.di_wx, measure="volume", by="city")


@pytest.mark.parametrize("name", ["an", "ma", "re", "sy", "au", "pa"])
def test_who_has_no_right_to_figures_has_no_page(client: Client, cases: Cast, name: str) -> None:
    client.force_login(cases.staff[name])
    assert client.get(ADDRESS).status_code == 404
    assert client.get(ADDRESS + "workbook/").status_code == 404


def test_a_stranger_is_led_to_the_door(client: Client) -> None:
    answer = client.get(ADDRESS)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/login/")


@pytest.mark.parametrize(
    "wrong", [{"measure": "nonsense"}, {"by": "nonsense"}, {"from": "2026-13-01"}, {"channel": "pigeon"},
              {"compare": "tomorrow"}, {"from": "2026-03-02", "to": "2026-03-01"}, {"source_system": "\x00"}]
)  # fmt: skip
def test_what_there_is_not_is_said_on_the_page(client: Client, cases: Cast, wrong: dict[str, str]) -> None:
    client.force_login(cases.he)
    answer = client.get(ADDRESS, wrong)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()


def test_nothing_found_says_so_and_how_to_go_on(client: Client, cases: Cast) -> None:
    text = page(client, cases.he, **{"from": "2001-01-01", "to": "2001-01-31", "by": "month"})
    assert "这个范围里没有投诉" in text
    assert f'href="{ADDRESS}"' in text


def test_every_choice_survives_in_the_form(client: Client, cases: Cast) -> None:
    text = page(
        client, cases.he, measure="volume,p90_hours", by="channel,city,unit", compare="last_year", channel="web", area="320400",
        **{"from": "2016-01-01", "to": "2030-12-31", "is": "counted", "as_of": "month_end"},
    )  # fmt: skip
    assert '<option value="web" selected>' in text
    assert '<option value="month_end" selected>' in text
    assert 'name="is" value="counted"' in text
    assert 'name="by" value="unit"' in text
    assert 'value="last_year" checked' in text
    assert "去掉条件" in text


def test_in_english_everything_is_english(client: Client, cases: Cast) -> None:
    client.cookies["lang"] = "en"
    text = page(
        client, cases.he, by="category,channel", compare="previous", **{"from": "2020-01-01", "to": "2030-12-31"}
    )
    body = re.sub(r"<(nav|header|dialog|script)\b.*?</\1>", "", text.split('id="main"')[1], flags=re.DOTALL)
    body = body.split('class="b-toasts"')[0]
    assert "First-contact rate" in body
    assert re.findall(r"[\u4e00-\u9fff]+", re.sub(r"<option.*?</option>", "", body, flags=re.DOTALL)) == []


def test_the_workbook_holds_the_same_numbers_and_is_written_down(client: Client, cases: Cast) -> None:
    client.force_login(cases.he)
    answer = client.get(ADDRESS + "workbook/", {"measure": "volume,late_rate", "by": "channel", "city": "320400"})
    assert answer.status_code == 200
    book = CalamineWorkbook.from_filelike(BytesIO(b"".join(answer.streaming_content)))  # type: ignore[attr-defined]
    figures, definitions, conditions = (sheet.to_python() for sheet in map(book.get_sheet_by_index, range(3)))
    assert figures == [
        ["渠道", "受理量", "超时率", "工单"],
        ["网站", 2.0, 0.0, "打开"],
        ["热线", 1.0, 0.0, "打开"],
        ["合计", 3.0, 0.0, "打开"],
    ]
    assert definitions[1][1] == "volume"
    assert ["市", "常州市"] in conditions
    entry = AuditEntry.objects.get(kind="export")
    assert (entry.actor_id, entry.subject) == (cases.he.id, "figures")
    assert entry.detail["rows"] == 2


def test_differences_are_said_in_words() -> None:
    from bihuan.insight.measures import MEASURES
    from bihuan.insight.queries import Cell

    late, volume = MEASURES["late_rate"], MEASURES["volume"]
    assert words.change(late, Cell(0.02), Cell(0.05)) == "-3.0 pp"
    assert words.verdict(late, Cell(0.02), Cell(0.05)) == "better"
    assert words.change(volume, Cell(110), Cell(100)) == "+10.0%"
    assert words.verdict(volume, Cell(110), Cell(100)) == ""
    assert words.change(volume, Cell(110), Cell(None)) == ""
