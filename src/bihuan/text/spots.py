"""Numbers of persons as people spell them, each with words around it: the marked half of the built-in test sentences."""

import random
from collections.abc import Callable
from typing import Final

Spot = tuple[str, str]
"""(words with the number in `{}`, kind); kind is empty for what must survive."""

_HAN: Final = dict(zip("0123456789", "零一二三四五六七八九", strict=True))
_WIDE: Final = {str(n): chr(0xFF10 + n) for n in range(10)}
_WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def some(rng: random.Random, count: int) -> str:
    return "".join(rng.choice("0123456789") for _ in range(count))


def _grouped(number: str, sizes: tuple[int, ...], parts: str) -> str:
    pieces, at = [], 0
    for size in sizes:
        pieces.append(number[at : at + size])
        at += size
    return parts.join(pieces)


def _spell_mobile(rng: random.Random, number: str) -> str:
    spellings: list[Callable[[], str]] = [
        lambda: number,
        lambda: _grouped(
            number, (3, 4, 4), rng.choice((" ", "-", "－", "—", ".", "·", "  ", "\u3000", "\u00a0", " - "))
        ),
        lambda: _grouped(number, (3, 8), rng.choice((" ", "-"))),
        lambda: _grouped(number, (7, 4), " "),
        lambda: _grouped(number, (4, 3, 4), "-"),
        lambda: _grouped(number, (3, 3, 5), " "),
        lambda: _grouped(number, (1,) * 11, rng.choice((" ", "-"))),
        lambda: "".join(_WIDE[c] for c in number),
        lambda: "".join(_HAN[c] for c in number),
        lambda: "".join(_HAN[c] for c in number).replace("一", "幺"),
        lambda: "".join(_HAN[c] for c in number).replace("零", "〇"),
        lambda: number[:3] + "".join(_HAN[c] for c in number[3:7]) + number[7:],
        lambda: _grouped("".join(_HAN[c] for c in number), (3, 4, 4), rng.choice((" ", "，", "-"))),
        lambda: rng.choice(("+86", "+86 ", "+86-", "86", "86-", "0086", "0086-", "＋86", "0")) + number,
        lambda: "+86 " + _grouped(number, (3, 4, 4), " "),
        lambda: "(+86)" + number,
        lambda: "".join(c + "\ufe0f\u20e3" for c in number),
        lambda: number[:5] + "\u200b" + number[5:],
    ]
    return rng.choice(spellings)()


def _mobile(rng: random.Random) -> Spot:
    number = "1" + rng.choice("3456789") + some(rng, 9)
    before = rng.choice(
        (
            "我的电话{",
            "联系电话：{",
            "请打{",
            "手机号是{",
            "打我手机 {",
            "{",
            "机主号码{",
            "张先生{",
            "TEL:{",
            "tel{",
            "联系人李女士，{",
            "号码{",
            "（{",
        )
    )
    after = rng.choice(("}", "}请回电", "}。", "}，随时可以打", "}（微信同号）", "}这个号", "}）", "}机主本人"))
    return before + _spell_mobile(rng, number) + after, "phone"


def _landline(rng: random.Random) -> Spot:
    area = rng.choice(("0519", "0512", "010", "021", "025", "0371", "0755", "0871", "0991", "028"))
    local = rng.choice("2345678") + some(rng, 7 if len(area) == 3 or rng.random() < 0.7 else 6)
    spell = [
        f"{area}-{local}",
        f"{area}{local}",
        f"{area} {local}",
        f"({area}){local}",
        f"（{area}）{local}",
        f"{area}—{local}",
        f"{area}-{local[:4]}-{local[4:]}",
        f"{area} {local[:4]} {local[4:]}",
        f"+86-{area[1:]}-{local}",
        "".join(_WIDE[c] for c in area) + "－" + "".join(_WIDE[c] for c in local),
        f"{area}-{local}转{rng.randint(100, 9999)}",
        f"{area}-{local}-{rng.randint(100, 9999)}",
        f"{area}/{local}",
    ]
    before = rng.choice(("座机{", "固话：{", "家里电话{", "{", "办公室电话是{", "传真{", "区号在前{"))
    return before + rng.choice(spell) + "}", "phone"


def _local(rng: random.Random) -> Spot:
    number = rng.choice("345678") + some(rng, rng.choice((6, 7)))
    if len(number) == 8 and rng.random() < 0.3:
        number = number[:4] + rng.choice(" -") + number[4:]
    before, after = rng.choice(
        (
            ("家里电话{", "}"),
            ("座机号码：{", "}"),
            ("固话{", "}没有声音"),
            ("拨打{", "}没人接"),
            ("联系电话是{", "}"),
            ("小灵通{", "}"),
            ("来电号码 {", "}"),
            ("{", "}是我家的座机"),
            ("宅电：{", "}"),
        )
    )
    return before + number + after, "phone"


def _mistyped_mobile(rng: random.Random) -> Spot:
    number = "1" + rng.choice("35789") + some(rng, rng.choice((8, 10)))
    return rng.choice(("手机号{", "联系电话：{", "我的电话是{")) + number + "}", "phone"


def _identity_number(rng: random.Random) -> str:
    area = rng.choice(("320404", "320411", "110101", "440305", "510104", "650102", "310115"))
    body = f"{area}{rng.randint(1945, 2008)}{rng.randint(1, 12):02d}{rng.randint(1, 28):02d}{some(rng, 3)}"
    return body + "10X98765432"[sum(w * int(c) for w, c in zip(_WEIGHTS, body, strict=True)) % 11]


def _identity(rng: random.Random) -> Spot:
    number = _identity_number(rng)
    spell = [
        number,
        number.lower(),
        _grouped(number, (6, 8, 4), rng.choice((" ", "-"))),
        _grouped(number, (6, 4, 4, 4), " "),
        _grouped(number, (4, 4, 4, 4, 2), " "),
        "".join(_WIDE.get(c, "Ｘ") for c in number),
        number.replace("X", "×"),
        number,
    ]
    before = rng.choice(("身份证号{", "身份证：{", "证件号码 {", "本人{", "{", "我的身份证是{", "ID号{", "实名信息："))
    if "{" not in before:
        before += "{"
    return before + rng.choice(spell) + rng.choice(("}", "}请核实", "}，实名登记的")), "identity"


def _faulty_identity(rng: random.Random) -> Spot:
    number = _identity_number(rng)
    wrong = rng.choice((number[:-1] + "0123456789"[(int(number[16]) + 3) % 10], number[:7] + number[8:], number + "1"))
    if wrong == number:
        wrong = number[:-2] + "98"
    return rng.choice(("身份证号{", "身份证号码：{", "我的身份证 {")) + wrong + "}", "identity"


def _old_identity(rng: random.Random) -> Spot:
    number = f"320404{rng.randint(40, 85)}{rng.randint(1, 12):02d}{rng.randint(1, 28):02d}{some(rng, 3)}"
    return rng.choice(("老身份证{", "身份证号码{", "{")) + number + "}", "identity"


def _card(rng: random.Random) -> Spot:
    body = rng.choice(("622202", "621700", "625912", "436742", "955880", "603367", "524094")) + some(
        rng, rng.choice((9, 12))
    )
    for check in "0123456789":
        digits = [int(c) for c in body + check]
        if (sum(digits[-1::-2]) + sum(sum(divmod(2 * d, 10)) for d in digits[-2::-2])) % 10 == 0:
            body += check
            break
    spell = [body, _grouped(body, (4,) * (len(body) // 4 + 1), rng.choice((" ", "-"))).rstrip(" -"), body]
    before = rng.choice(("银行卡号{", "退到我的卡 {", "卡号：{", "{", "工商银行{", "退款账号{"))
    return before + rng.choice(spell) + "}", "bank_card"


def _mistyped_card(rng: random.Random) -> Spot:
    return rng.choice(("银行卡号{", "银行卡：{", "退款账号 {")) + "6222" + some(
        rng, rng.choice((12, 14, 15))
    ) + "}", "bank_card"


def _account(rng: random.Random) -> Spot:
    value = rng.choice(
        (
            "0519" + some(rng, rng.choice((5, 9))),
            some(rng, rng.choice((8, 9, 10, 12))).replace("0", "7", 1),
            "cz" + some(rng, 8),
            "ad" + some(rng, 10) + "@163.gd",
            "JS" + some(rng, 9),
            "zhang_" + some(rng, 4),
            "25" + some(rng, 14),
        )
    )
    before = rng.choice(
        (
            "宽带账号{",
            "宽带账号：{",
            "宽带帐号是{",
            "客户编号{",
            "客户编号：{",
            "户号{",
            "用户号 {",
            "账号为{",
            "上网账号{",
            "缴费号：{",
            "IPTV账号{",
            "宽带号{",
        )
    )
    return before + value + rng.choice(("}", "}，麻烦查一下", "}。", "} 一直连不上")), "account"


def _email(rng: random.Random) -> Spot:
    name = rng.choice(("zhang.san", "li_si88", "wang", "13800" + some(rng, 6), "a" + some(rng, 5), "chen-wei"))
    host = rng.choice(("qq.com", "163.com", "example.com.cn", "vip.sina.com", "139.com", "company.cn"))
    at = rng.choice(("@", "@", "@", "＠", " @ "))
    return rng.choice(("邮箱{", "发到{", "邮件：{", "{", "E-mail {")) + name + at + host + "}", "email"


def _wechat(rng: random.Random) -> Spot:
    name = rng.choice(("zhangsan_", "wx_", "Lily", "a", "wxid_abc")) + some(rng, rng.choice((5, 6)))
    return rng.choice(
        ("微信号{", "微信号：{", "我微信是{", "加微信 {", "微信：{", "VX：{", "vx{", "加V{")
    ) + name + "}", "wechat"


def _qq(rng: random.Random) -> Spot:
    return rng.choice(("QQ{", "QQ号：{", "我的QQ是{", "qq {", "扣扣{", "QQ:{")) + rng.choice("123456789") + some(
        rng, rng.choice((5, 7, 8, 9))
    ) + "}", "qq"


def _passport(rng: random.Random) -> Spot:
    value = rng.choice(
        ("E" + some(rng, 8), "G" + some(rng, 8), "EA" + some(rng, 7), "C" + some(rng, 8), "H" + some(rng, 8))
    )
    return rng.choice(
        ("护照号{", "护照：{", "护照号码 {", "港澳通行证{", "通行证号是{", "回乡证{")
    ) + value + "}", "passport"


def _second_line(rng: random.Random) -> Spot:
    first = f"0519-8{some(rng, 7)}"
    return f"座机{{{first}}}{rng.choice('/、')}{{6{some(rng, 7)}}}", "phone"


POSITIVE: Final[tuple[Callable[[random.Random], Spot], ...]] = (
    *(_mobile, _landline, _mobile, _local, _identity, _mobile, _account, _card, _faulty_identity, _email, _wechat),
    *(_qq, _passport, _second_line, _mistyped_mobile, _old_identity, _mistyped_card, _account, _identity),
)
