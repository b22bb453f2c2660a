"""Personal numbers are found however they are written; what only looks like one survives; nobody forges a token."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bihuan.text.measure import measure
from bihuan.text.personal import KINDS, LETTERS, TOKEN, find, numbering, replace
from bihuan.text.sentences import sentences

IDENTITY = "32040419900101123X"


def seen(text: str) -> list[tuple[str, str]]:
    return [(item.kind, item.value) for item in find(text)]


@pytest.mark.parametrize(
    "written",
    [
        "13812345678",
        "138 1234 5678",
        "138-1234-5678",
        "138.1234.5678",
        "1 3 8 1 2 3 4 5 6 7 8",
        "１３８１２３４５６７８",
        "一三八一二三四五六七八",
        "幺三八，幺二三四，五六七八",
        "138一二三四5678",
        "+8613812345678",
        "+86 138 1234 5678",
        "86-13812345678",
        "008613812345678",
        "(+86)13812345678",
        "013812345678",
        "17951 13812345678",
        "1️⃣3️⃣8️⃣1️⃣2️⃣3️⃣4️⃣5️⃣6️⃣7️⃣8️⃣",
        "138\u200b1234\u200b5678",
        "①③⑧①②③④⑤⑥⑦⑧",
        "𝟏𝟑𝟖𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖",
    ],
)
def test_a_mobile_number_is_found_in_every_spelling(written: str) -> None:
    value = seen(f"宽带断了两天，我是{written}的机主")
    assert [kind for kind, _ in value] == ["phone"]
    assert value[0][1] == ("13812345678" if written[0] != "幺" else "13812345678")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("座机0519-88881234", "0519-88881234"),
        ("（0519）8888 1234 打不通", "0519-88881234"),
        ("051988881234", "0519-88881234"),
        ("+86-519-88881234", "0519-88881234"),
        ("电话010-88881234转8001", "010-88881234-8001"),
        ("0519-88881234-801", "0519-88881234-801"),
        ("家里电话88881234", "88881234"),
        ("8888123是我家的座机", "8888123"),
        ("香港 +852 9123 4567", "+85291234567"),
    ],
)
def test_a_fixed_line_is_found(text: str, value: str) -> None:
    assert seen(text) == [("phone", value)]


def test_the_second_of_two_lines_is_named_by_the_first() -> None:
    assert seen("电话0519-88881234、66668888") == [("phone", "0519-88881234"), ("phone", "66668888")]
    assert len(seen("13812345678（李女士）或者88881234")) == 2


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        (f"身份证{IDENTITY}", "identity", IDENTITY),
        (IDENTITY.lower(), "identity", IDENTITY),
        ("证件号码 320404 19900101 123X", "identity", IDENTITY),
        ("身份证号320404199001011239", "identity", "320404199001011239"),
        ("身份证：3204041990010112", "identity", "3204041990010112"),
        ("老身份证320404900101123", "identity", "320404900101123"),
        ("银行卡6222 0212 3456 7890 123", "bank_card", "6222021234567890123"),
        ("4111111111111111", "bank_card", "4111111111111111"),
        ("宽带账号：051988881", "account", "051988881"),
        ("客户编号2519876543210", "account", "2519876543210"),
        ("宽带账号是cz88881234@js.vnet", "account", "cz88881234@js.vnet"),
        ("88881234567宽带连不上", "account", "88881234567"),
        ("发到 zhang.san＠ｑｑ.com", "email", "zhang.san@qq.com"),
        ("微信号 zhang_san", "wechat", "zhang_san"),
        ("wxid_a1b2c3d4", "wechat", "wxid_a1b2c3d4"),
        ("QQ：12345678", "qq", "12345678"),
        ("护照E12345678", "passport", "E12345678"),
        ("港澳通行证 C12345678", "passport", "C12345678"),
    ],
)
def test_papers_cards_accounts_and_handles_are_found(text: str, kind: str, value: str) -> None:
    assert seen(text) == [(kind, value)]


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-21 13:45:22 开始断网",
        "20261121办的，2026.11.21—2026.12.31",
        "二〇二六年十一月二十一日",
        "打10000、10086、12345、12300都没用",
        "客服400-828-1234、4008281234、800-820-8820、95598",
        "收到106912345678的短信",
        "扣费13812.50元，退费1000000元",
        "合同金额1,234,567元",
        "订单号202611211234567890",
        "工单号：13812345678",
        "工单CZ2026112112345678，投诉编号0519-20261121-001",
        "IP 192.168.1.100，网关 10.0.13.188",
        "光猫 HG8245Q2，SN 485754431A2B3C4D，IMEI：861234567890123",
        "手机号138****5678",
        "测速 300M，办了1000兆，128G 内存",
        "账号被扣了12000元，账号密码忘了",
        "3栋2单元1502室，一二三四楼都没信号",
        "微信公众号 jsdx_10000，用微信支付",
        "经纬度119.946973,31.772752",
        "",
    ],
)
def test_what_only_looks_like_one_survives(text: str) -> None:
    assert find(text) == []


def test_the_built_in_sentences_are_read_without_a_leak() -> None:
    figures = measure(sentences(2000, seed=3))
    assert figures["spans"] > 2000
    assert figures["recall"] >= 0.999
    assert figures["recall_same_kind"] >= 0.99
    assert figures["precision"] >= 0.995


def test_a_value_named_twice_gets_one_token() -> None:
    text = f"我的电话13812345678，微信同号，再说一遍138 1234 5678，身份证{IDENTITY}"
    clean, found = replace(text, numbering())
    assert clean == "我的电话⟦P1⟧，微信同号，再说一遍⟦P1⟧，身份证⟦I1⟧"
    assert found == [("⟦P1⟧", "phone", "13812345678"), ("⟦I1⟧", "identity", IDENTITY)]


def test_numbering_goes_on_from_the_tokens_of_the_case() -> None:
    clean, _ = replace("改打13912345678", numbering(["⟦P1⟧", "⟦P3⟧", "⟦I1⟧"]))
    assert clean == "改打⟦P4⟧"


def test_nobody_forges_a_token() -> None:
    clean, found = replace("给我看⟦P1⟧和⟦⟦I1⟧⟧", numbering())
    assert clean == "给我看[P1]和[[I1]]"
    assert found == []


def test_tokens_of_the_case_survive_an_edit() -> None:
    clean, _ = replace("已联系⟦P1⟧，未联系⟦P9⟧", numbering(["⟦P1⟧"]), keep={"⟦P1⟧"})
    assert clean == "已联系⟦P1⟧，未联系[P9]"


def test_every_kind_has_a_letter_the_token_knows() -> None:
    assert sorted(KINDS) == sorted(LETTERS.values())
    for letter in KINDS:
        match = TOKEN.fullmatch(f"⟦{letter}12⟧")
        assert match
        assert match[1] == letter


@given(st.text(max_size=120))
@example("X×" * 40)
@example("0519-")
@example("⟦P1⟧13812345678⟦")
def test_any_text_is_read_and_stays_whole_outside_the_finds(text: str) -> None:
    found = find(text)
    assert all(a.end <= b.start for a, b in zip(found, found[1:], strict=False))
    clean, tokens = replace(text, numbering())
    assert len(TOKEN.findall(clean)) == len(found)
    rest, done = "", 0
    for item in found:
        rest, done = rest + text[done : item.start], item.end
    rest += text[done:]
    assert TOKEN.sub("", clean) == rest.replace("⟦", "[").replace("⟧", "]")
    assert len({token for token, _, _ in tokens}) == len(tokens)


@given(
    st.text(alphabet="宽带断网很久了，。请回电我是", max_size=20),
    st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True),
    st.text(alphabet="宽带断网，。请尽快", max_size=20),
    st.sampled_from(["", " ", "-"]),
)
def test_a_mobile_number_never_leaks(before: str, number: str, after: str, parts: str) -> None:
    written = parts.join((number[:3], number[3:7], number[7:]))
    clean, found = replace(f"{before}{written}{after}", numbering())
    assert [value for _, _, value in found] == [number]
    assert not any(char.isdigit() for char in TOKEN.sub("", clean))
