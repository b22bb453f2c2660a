"""The data the program comes with: codes, parents, languages."""

import re
import subprocess
import sys

import pytest

from bihuan.catalog import shipped

TREES = sorted(shipped.TREES)
SERVICE_TYPES = {"fault", "complaint", "enquiry", "request"}
CHINESE = re.compile(r"[一-鿿]")


@pytest.mark.parametrize("tree", TREES)
def test_codes_are_unique_and_parents_come_first(tree: str) -> None:
    seen: set[str] = set()
    for node in shipped.nodes(tree):
        assert node.code not in seen
        assert not node.parent or node.parent in seen
        seen.add(node.code)


@pytest.mark.parametrize("tree", TREES)
def test_every_leaf_lies_at_the_bottom_level(tree: str) -> None:
    assert {leaf.level for leaf in shipped.leaves(tree)} == {shipped.DEPTHS[tree]}


@pytest.mark.parametrize("tree", TREES)
def test_a_child_code_continues_its_parents_so_that_rules_may_name_a_prefix(tree: str) -> None:
    assert all(node.code.startswith(node.parent) and node.code != node.parent for node in shipped.nodes(tree))


@pytest.mark.parametrize("tree", TREES)
def test_siblings_have_different_names(tree: str) -> None:
    names = [(node.parent, node.name) for node in shipped.nodes(tree)]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("tree", TREES)
def test_every_entry_is_named_in_english(tree: str) -> None:
    assert [node.code for node in shipped.nodes(tree) if not node.name_en or CHINESE.search(node.name_en)] == []


def test_every_phenomenon_leaf_can_be_worked_with() -> None:
    disputes = {node.code for node in shipped.nodes("dispute")}
    for leaf in shipped.leaves("phenomenon"):
        assert leaf.service_type in SERVICE_TYPES
        assert {leaf.urgency, leaf.impact, leaf.complexity} <= {1, 2, 3, 4}
        assert leaf.dispute in disputes
        assert leaf.keywords


def test_the_top_of_the_phenomenon_tree_is_the_ministrys() -> None:
    assert [node.name for node in shipped.nodes("phenomenon") if not node.parent] == [
        "网络质量",
        "资费争议",
        "用户服务",
    ]


def test_areas_form_one_tree_of_three_levels() -> None:
    by_id = {area.id: area for area in shipped.areas()}
    assert len(by_id) > 3300
    for area in by_id.values():
        assert area.level == 1 if not area.parent else by_id[area.parent].level == area.level - 1


def test_areas_have_english_names_and_pinyin_initials() -> None:
    for area in shipped.areas():
        assert area.name_en and not CHINESE.search(area.name_en), area
        assert area.initials.isascii() and area.initials, area


@pytest.mark.parametrize(
    ("name", "english", "letters"),
    [
        ("武进区", "Wujin District", "wjq"),
        ("溧阳市", "Liyang", "lys"),
        ("单县", "Shan County", "sx"),
        ("恩施土家族苗族自治州", "Enshi Prefecture", "estjzmzzzz"),
        ("鄂温克族自治旗", "Ewenkezu Banner", "ewkzzzq"),
        ("成都市", "Chengdu", "cds"),
    ],
)
def test_place_names_are_spelled_as_people_say_them(name: str, english: str, letters: str) -> None:
    assert (shipped.romanised(name), shipped.initials(name)) == (english, letters)


def test_reasons_are_unique_and_in_both_languages() -> None:
    keys = [(reason.kind, reason.code) for reason in shipped.reasons()]
    assert len(keys) == len(set(keys))
    for reason in shipped.reasons():
        assert reason.name and reason.name_en and not CHINESE.search(reason.name_en)
        assert bool(reason.told_customer) == bool(reason.told_customer_en)


def test_a_decline_always_tells_the_customer_why() -> None:
    assert all(reason.told_customer for reason in shipped.reasons() if reason.kind == "decline")


def test_only_waiting_stops_the_clocks() -> None:
    assert {reason.kind for reason in shipped.reasons() if reason.pauses} == {"waiting"}


def test_waiting_for_our_own_people_never_stops_the_clocks() -> None:
    ours = {"parts", "construction", "other_unit", "third_party", "observation"}
    assert not any(reason.pauses for reason in shipped.reasons() if reason.kind == "waiting" and reason.code in ours)


def test_names_are_read_by_several_threads_from_the_first_one_on() -> None:
    program = (
        "from concurrent.futures import ThreadPoolExecutor; from bihuan.catalog.pinyin import initials\n"
        "with ThreadPoolExecutor(4) as pool: print(set(pool.map(initials, ['长乐区'] * 8)))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "{'clq'}"
