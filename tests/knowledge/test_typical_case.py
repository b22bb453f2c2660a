"""A closed case becomes a typical case in one step, and nothing tells whose it was."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.catalog.models import Node
from bihuan.dispatch import actions as dispatch
from bihuan.flow import actions as flow
from bihuan.intake.schema import Customer
from bihuan.kernel.errors import Conflict
from bihuan.knowledge import actions, rules
from bihuan.knowledge.models import Version
from bihuan.text import personal
from cast import Cast

TEXT = (
    "我叫王小明，手机13912345678和0519-88881234都没信号，身份证320402199001011234，住湖塘花园12号楼402室，"
    "邮箱wang@example.com，请王先生的家人也可联系。"
)


def closed(cast: Cast) -> Version:
    """The draft drawn from a case closed by everyone's own verbs."""
    customer = Customer(name="王小明", phone="13912345678")
    case = cast.case(content=TEXT, customer=customer, address="湖塘花园")
    flow.accept(case, cast.doer("di"), category="N0101")
    dispatch.dispatch(case, cast.doer("di"), cast.units["mt_cz"].id)
    dispatch.receive(case, cast.doer("ma"), "self")
    flow.answer(
        case, cast.doer("ma"), "call", "王小明您好，处理人马跃：基站板卡故障，已于今日更换，回电13900001111核实恢复。",
        solution="更换板卡，电话 0519-86661234 验证",
    )  # fmt: skip
    cause = Node.objects.filter(tree="cause", level=3)[0]
    flow.revisited(case, cast.doer("re"), 3, closing=flow.Closing(cause.code, ["kpi"], system_cause=True))
    case.refresh_from_db()
    assert case.status == "closed"
    article = actions.from_case(cast.viewer("di"), case)
    assert actions.from_case(cast.viewer("di"), case).id == article.id
    assert cause.name in Version.objects.get(article=article).body
    return Version.objects.get(article=article)


def test_no_personal_number_name_or_address_survives(cast: Cast) -> None:
    version = closed(cast)
    text = version.title + version.body
    assert personal.find(text) == [] and not personal.TOKEN.search(text)
    assert not re.search(r"\d{5,}", text)
    for private in ("王小明", "马跃", "湖塘花园", "12号楼", "402室", "王先生", "example.com"):
        assert private not in text
    assert "板卡" in text and "没信号" in text
    assert (version.state, version.categories) == ("draft", ["N0101"])


def test_an_open_case_is_no_typical_case(cast: Cast) -> None:
    with pytest.raises(Conflict):
        actions.from_case(cast.viewer("di"), cast.case())


@given(st.from_regex(r"1[3-9]\d{9}", fullmatch=True), st.sampled_from(["手机", "请回电", "和", "，联系"]))
def test_any_mobile_number_becomes_words(number: str, before: str) -> None:
    assert number not in rules.without_person(f"客户{before}{number}反映没信号，另一个号码{number}也一样")
