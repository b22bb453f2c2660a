"""Made-up complaint sentences with every personal number marked, to measure the finder with: the same for the same seed.

Written without looking at the finder: spellings are collected from how people write, hard negatives from what stands in
complaints beside them. No number belongs to anybody on purpose.
"""

import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

Spot = tuple[str, str]
"""(words before and the number with `{}` around it, kind); kind is empty for what must survive."""

_HAN: Final = dict(zip("0123456789", "零一二三四五六七八九", strict=True))
_WIDE: Final = {str(n): chr(0xFF10 + n) for n in range(10)}
_WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_STORIES: Final = (
    "家里宽带从昨天晚上开始一直断网，光猫亮红灯",
    "手机在地下车库完全没有信号，电话打不通",
    "上个月套餐外流量扣费不合理，要求退费",
    "装维师傅约好上午来，等到下午三点也没有人来",
    "客服态度很差，讲到一半就挂了电话",
    "小区停电以后网络就没有恢复过，孩子要上网课",
    "5G 套餐办了以后网速反而慢，测速只有 20 兆",
    "合约到期了还在扣月租，打了三次客服都没有结果",
    "刷视频一直转圈，晚上七八点最严重",
    "营业厅说可以携号转网，去了又说办不了",
    "IPTV 画面卡顿，遥控器也没反应",
    "收不到银行验证码，很着急",
)
_PIECES: Final = re.compile(r"\{[^}]*\}|[^{]+")
_JOINS: Final = ("，", "。", "；", " ", "\n", "，另外", "。请记录：", "！")


@dataclass(frozen=True)
class Sentence:
    """One text and its marks: (start, end, kind)."""

    text: str
    spans: tuple[tuple[int, int, str], ...]


def sentences(count: int = 2400, seed: int = 20) -> Iterator[Sentence]:
    """`count` sentences, about two fifths of their slots hard negatives, every kind and spelling many times."""
    rng = random.Random(seed)  # noqa: S311
    for number in range(count):
        makers = [_POSITIVE[number % len(_POSITIVE)]] if number % 5 else []
        makers += [rng.choice(_POSITIVE)] if rng.random() < 0.3 else []
        makers += [rng.choice(_NEGATIVE) for _ in range(rng.choice((0, 1, 1, 2)))]
        rng.shuffle(makers)
        yield _compose(rng, [maker(rng) for maker in makers])


def _compose(rng: random.Random, spots: list[Spot]) -> Sentence:
    text, spans = "", []
    parts: list[Spot] = [(rng.choice(_STORIES), "")]
    for spot in spots:
        parts.insert(rng.randint(0, len(parts)), spot)
    for place, (words, kind) in enumerate(parts):
        if place:
            text += rng.choice(_JOINS)
        for piece in _PIECES.findall(words):
            if piece.startswith("{") and kind:
                spans.append((len(text), len(text) + len(piece) - 2, kind))
            text += piece.strip("{}")
    return Sentence(text, tuple(spans))


def _some(rng: random.Random, count: int) -> str:
    return "".join(rng.choice("0123456789") for _ in range(count))


def _date(rng: random.Random, parts: str = "-") -> str:
    return f"{rng.randint(2016, 2026)}{parts}{rng.randint(1, 12):02d}{parts}{rng.randint(1, 28):02d}"


def _grouped(number: str, sizes: tuple[int, ...], parts: str) -> str:
    pieces, at = [], 0
    for size in sizes:
        pieces.append(number[at : at + size])
        at += size
    return parts.join(pieces)


def _mobile(rng: random.Random) -> Spot:
    number = "1" + rng.choice("3456789") + _some(rng, 9)
    spell: list[Callable[[], str]] = [
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
    return before + rng.choice(spell)() + after, "phone"


def _landline(rng: random.Random) -> Spot:
    area = rng.choice(("0519", "0512", "010", "021", "025", "0371", "0755", "0871", "0991", "028"))
    local = rng.choice("2345678") + _some(rng, 7 if len(area) == 3 or rng.random() < 0.7 else 6)
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
    number = rng.choice("345678") + _some(rng, rng.choice((6, 7)))
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
    number = "1" + rng.choice("35789") + _some(rng, rng.choice((8, 10)))
    return rng.choice(("手机号{", "联系电话：{", "我的电话是{")) + number + "}", "phone"


def _identity_number(rng: random.Random) -> str:
    area = rng.choice(("320404", "320411", "110101", "440305", "510104", "650102", "310115"))
    body = f"{area}{rng.randint(1945, 2008)}{rng.randint(1, 12):02d}{rng.randint(1, 28):02d}{_some(rng, 3)}"
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
    number = f"320404{rng.randint(40, 85)}{rng.randint(1, 12):02d}{rng.randint(1, 28):02d}{_some(rng, 3)}"
    return rng.choice(("老身份证{", "身份证号码{", "{")) + number + "}", "identity"


def _card(rng: random.Random) -> Spot:
    body = rng.choice(("622202", "621700", "625912", "436742", "955880", "603367", "524094")) + _some(
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
    return rng.choice(("银行卡号{", "银行卡：{", "退款账号 {")) + "6222" + _some(
        rng, rng.choice((12, 14, 15))
    ) + "}", "bank_card"


def _account(rng: random.Random) -> Spot:
    value = rng.choice(
        (
            "0519" + _some(rng, rng.choice((5, 9))),
            _some(rng, rng.choice((8, 9, 10, 12))).replace("0", "7", 1),
            "cz" + _some(rng, 8),
            "ad" + _some(rng, 10) + "@163.gd",
            "JS" + _some(rng, 9),
            "zhang_" + _some(rng, 4),
            "25" + _some(rng, 14),
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
    name = rng.choice(("zhang.san", "li_si88", "wang", "13800" + _some(rng, 6), "a" + _some(rng, 5), "chen-wei"))
    host = rng.choice(("qq.com", "163.com", "example.com.cn", "vip.sina.com", "139.com", "company.cn"))
    at = rng.choice(("@", "@", "@", "＠", " @ "))
    return rng.choice(("邮箱{", "发到{", "邮件：{", "{", "E-mail {")) + name + at + host + "}", "email"


def _wechat(rng: random.Random) -> Spot:
    name = rng.choice(("zhangsan_", "wx_", "Lily", "a", "wxid_abc")) + _some(rng, rng.choice((5, 6)))
    return rng.choice(
        ("微信号{", "微信号：{", "我微信是{", "加微信 {", "微信：{", "VX：{", "vx{", "加V{")
    ) + name + "}", "wechat"


def _qq(rng: random.Random) -> Spot:
    return rng.choice(("QQ{", "QQ号：{", "我的QQ是{", "qq {", "扣扣{", "QQ:{")) + rng.choice("123456789") + _some(
        rng, rng.choice((5, 7, 8, 9))
    ) + "}", "qq"


def _passport(rng: random.Random) -> Spot:
    value = rng.choice(
        ("E" + _some(rng, 8), "G" + _some(rng, 8), "EA" + _some(rng, 7), "C" + _some(rng, 8), "H" + _some(rng, 8))
    )
    return rng.choice(
        ("护照号{", "护照：{", "护照号码 {", "港澳通行证{", "通行证号是{", "回乡证{")
    ) + value + "}", "passport"


def _second_line(rng: random.Random) -> Spot:
    first = f"0519-8{_some(rng, 7)}"
    return f"座机{{{first}}}{rng.choice('/、')}{{6{_some(rng, 7)}}}", "phone"


def _negative(form: Callable[[random.Random], str]) -> Callable[[random.Random], Spot]:
    return lambda rng: (form(rng), "")


_POSITIVE: Final[tuple[Callable[[random.Random], Spot], ...]] = (
    *(_mobile, _landline, _mobile, _local, _identity, _mobile, _account, _card, _faulty_identity, _email, _wechat),
    *(_qq, _passport, _second_line, _mistyped_mobile, _old_identity, _mistyped_card, _account, _identity),
)
_NEGATIVE: Final = tuple(
    _negative(form)
    for form in (
        lambda r: f"从{_date(r)}开始",
        lambda r: f"{_date(r, '')}办理的",
        lambda r: f"{_date(r, '/')} {r.randint(0, 23)}:{r.randint(0, 59):02d}:{r.randint(0, 59):02d}",
        lambda r: f"{_date(r, '.')}到{_date(r, '.')}",
        lambda r: f"{r.randint(2016, 2026)}年{r.randint(1, 12)}月{r.randint(1, 28)}日",
        lambda r: f"二〇二六年{r.choice('三四五六')}月办的套餐",
        lambda r: f"订单号{_date(r, '')}{_some(r, r.choice((6, 10, 12)))}",
        lambda r: f"工单号：CZ{_date(r, '')}{_some(r, 6)}",
        lambda r: f"工单编号 {_some(r, 12)}",
        lambda r: f"流水号{_some(r, 18)}",
        lambda r: f"投诉编号TS-{_date(r, '')}-{_some(r, 5)}",
        lambda r: f"扣了{r.randint(10000, 999999)}元",
        lambda r: f"多收{r.randint(10, 999)}.{_some(r, 2)}元",
        lambda r: f"余额{r.randint(1000, 99999)}.{_some(r, 2)}",
        lambda r: f"合同金额1,{_some(r, 3)},{_some(r, 3)}元",
        lambda r: f"IP地址192.168.{r.randint(0, 255)}.{r.randint(1, 254)}",
        lambda r: f"ping {r.randint(11, 223)}.{r.randint(0, 255)}.{r.randint(0, 255)}.{r.randint(1, 254)} 丢包",
        lambda r: f"光猫型号HG8245Q{r.randint(1, 9)}",
        lambda r: f"型号 ZXHN-F{_some(r, 5)}",
        lambda r: f"路由器序列号SN{_some(r, 12)}",
        lambda r: f"IMEI 86{_some(r, 13)}",
        lambda r: f"MAC 00:1A:{_some(r, 2)}:{_some(r, 2)}:3C:4D",
        lambda r: r.choice(
            (
                "打10000没人接",
                "拨打10000号",
                "打了10086和10010",
                "已向12345反映",
                "要打12315",
                "找12300申诉",
                "拨打12345热线",
            )
        ),
        lambda r: r.choice(
            ("客服电话400-828-1234", "拨打400 8281 234", "电话4008281234打不通", "热线800-820-8820", "银行95588发的")
        ),
        lambda r: f"收到1069{_some(r, 8)}的短信",
        lambda r: f"测速{r.randint(100, 1000)}Mbps",
        lambda r: f"办了{r.randint(100, 2000)}兆宽带",
        lambda r: f"欠费{r.randint(10, 90)}个月",
        lambda r: f"在{r.randint(1, 99)}栋{r.randint(101, 3302)}室",
        lambda r: f"邮编21{_some(r, 4)}",
        lambda r: f"验证码{_some(r, 6)}",
        lambda r: f"账号被扣了{r.randint(10000, 99999)}元",
        lambda r: f"账号在{_date(r, '')}开通",
        lambda r: f"手机号138****{_some(r, 4)}已经脱敏",
        lambda r: f"尾号{_some(r, 4)}的手机",
        lambda r: f"快递单号SF{_some(r, 13)}",
        lambda r: f"基站 ECI {_some(r, 9)}",
        lambda r: "一二三四楼都没有信号",
        lambda r: "等了三四五六天",
        lambda r: f"打了{r.randint(3, 20)}次电话",
        lambda r: f"{r.randint(8, 11)}:00-{r.randint(12, 18)}:30 在家",
        lambda r: f"版本号 {r.randint(1, 9)}.{r.randint(0, 20)}.{_some(r, 4)}",
        lambda r: f"第{r.randint(10000, 99999)}号文件",
        lambda r: "微信公众号 jsdx_10000 上查不到",
        lambda r: "宽带账号密码忘了",
        lambda r: f"客户编号没有，订单 {_some(r, 10)}",
        lambda r: f"坐标 {r.randint(110, 120)}.{_some(r, 6)},{r.randint(30, 32)}.{_some(r, 6)}",
        lambda r: f"https://example.com/a/{_some(r, 6)}",
    )
)
