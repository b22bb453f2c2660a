"""The search page: cases by words and parts of numbers, knowledge, people, units and areas by initials."""

import pytest
from django.test import Client

from cast import Cast
from knowledge.knowledge_cast import published


@pytest.fixture
def see(cast: Cast):
    """`see("an", "断网")`: what this person's search answers."""

    def asked(name: str, q: str):
        client = Client()
        client.force_login(cast.staff[name])
        return client.get("/search/", {"q": q})

    return asked


def test_words_find_cases_and_knowledge(cast: Cast, see) -> None:
    case = cast.case(content="家里断网三天")
    published(cast, title="断网排查")
    text = see("di", "断网").content.decode()
    assert case.number in text and "断网排查" in text and "找到 1 张" in text


def test_out_of_reach_it_is_not_found(cast: Cast, see) -> None:
    case = cast.case(content="家里断网三天")
    assert case.number not in see("di_wx", "断网").content.decode()


def test_the_whole_number_leads_to_the_case_and_its_serial_lists_it(cast: Cast, see) -> None:
    case = cast.case()
    assert see("di", case.number.lower())["Location"] == f"/cases/{case.number}/"
    assert case.number in see("di", str(int(case.number.split("-")[1]))).content.decode()
    assert case.number not in see("di_wx", str(int(case.number.split("-")[1]))).content.decode()


def test_a_persons_number_is_not_taken_in_an_address(cast: Cast, see) -> None:
    answer = see("di", "13912345678")
    assert answer["Location"] == "/search/?by=number"


def test_four_digits_are_also_the_end_of_a_number(cast: Cast, see) -> None:
    case = cast.case()
    answer = see("di", "5678").content.decode()
    assert case.number in answer and "1 张工单的客户号码末四位是 5678" in answer and "13912345678" not in answer
    for name in ("di_wx", "fe"):
        assert case.number not in see(name, "5678").content.decode()


@pytest.mark.parametrize(
    ("typed", "name", "link"),
    [("my", "马跃", "handler=ma"), ("wjq", "武进区", "district=320412"), ("czwh", "常州维护装维部", "unit=mt_cz")],
)
def test_initials_lead_to_people_areas_and_units(cast: Cast, see, typed: str, name: str, link: str) -> None:
    answer = see("di", typed).content.decode()
    assert name in answer and link in answer


def test_one_character_is_answered_with_advice(cast: Cast, see) -> None:
    assert see("di", "㐀").status_code == 422
