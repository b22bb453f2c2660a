"""The words around a number that say what it is (联系电话, 身份证), or that it is nobody's (工单号, 型号)."""

import re
from bisect import bisect_right
from typing import Final, NamedTuple

OTHER: Final = "other"
"""Named as something that is no personal data: an order, a device, an amount."""

_WORDS: Final = {
    "phone": (
        "联系电话 联系方式 联系号码 联系手机 联系 热线 电话号码 手机号码 移动号码 手机号 电话号 电话 手机 "
        "号码 座机 固话 固定电话 宅电 传真 小灵通 主叫 被叫 来电 致电 回电 回拨 拨打 呼叫 呼入 机主 主卡 "
        "副卡 本机 打 拨 分机 备用 tel Tel TEL phone Phone PHONE mobile Mobile call Call"
    ),
    "identity": ("身份证号码 身份证号 身份证 证件号码 证件号 证件 身份号码 身份 ID号 id号 id_card"),
    "bank_card": (
        "银行卡号 银行卡 卡号 银行账号 银行账户 储蓄卡 借记卡 信用卡 退款账号 退款账户 收款账号 收款账户 "
        "汇款账号 打款账号 工资卡 工商银行 建设银行 农业银行 中国银行 招商银行 交通银行 邮储银行 工行 建行 "
        "农行 中行 招行 交行"
    ),
    "account": (
        "宽带账号 宽带帐号 宽带账户 宽带号码 宽带号 宽带编号 上网账号 上网帐号 拨号账号 固话账号 账号 帐号 "
        "账户 帐户 客户编号 客户编码 客户号码 客户号 客户ID 客户id 用户编号 用户编码 用户号码 用户号 用户ID "
        "用户id 户号 缴费号码 缴费号 缴费账号 合同号码 合同号 协议号 业务号码 业务账号 业务号 产品号码 "
        "产品实例 ITV账号 IPTV账号 iptv账号 电视账号 设备账号 LOID loid 会员号 会员编号 account Account"
    ),
    "qq": ("QQ号码 QQ号 QQ qq号 qq Qq 扣扣 企鹅号 Q号 q号 Q: Q："),
    "wechat": (
        "微信号码 微信账号 微信帐号 微信号 微信ID 微信id 微信 weixin Weixin WeChat wechat VX号 VX Vx vx号 vx "
        "WX wx V信 v信 薇信 威信 加V 加v V: V："
    ),
    "passport": (
        "护照号码 护照号 护照 通行证 台胞证 回乡证 军官证 士兵证 警官证 居留证 居住证 居留身份证 passport Passport"
    ),
    OTHER: (
        "订单号 订单编号 订单 工单号 工单编号 工单 流水号 交易号 流水 单号 受理号 受理编号 受理单 投诉编号 "
        "投诉单 编号 编码 快递 运单 型号 版本 序列号 串号 串码 设备号 IMEI imei Imei IMSI imsi SIM卡号 SIM卡 "
        "电话卡号 SN sn MAC mac IP ip ICCID iccid 端口 邮编 邮政编码 金额 余额 验证码 密码 文号 条码 发票 "
        "税号 信用代码 批次 基站 站号 站址 小区号 CGI ECI TAC 日期 时间 账期 积分 公众号 微信支付 微信小程序 "
        "微信缴费 QQ音乐 QQ会员 order Order No. 充值卡 合同编号 备案号 许可证 工号"
    ),
}
_KIND: Final = {word: kind for kind, words in _WORDS.items() for word in words.split()}


def _longest_first() -> str:
    """All words as one pattern, the longest first, tried only where their first character stands: three times as quick."""
    by_first: dict[str, list[str]] = {}
    for word in sorted(_KIND, key=len, reverse=True):
        by_first.setdefault(word[0], []).append(re.escape(word[1:]))
    return "|".join(f"{re.escape(first)}(?:{'|'.join(rest)})" for first, rest in by_first.items())


_LABEL: Final = re.compile(_longest_first())
_GAP: Final = re.compile(r"[^\d。；;！!？?\n，,、A-Za-z]{0,10}[，,]?[\s:：]{0,3}")
"""What may stand between a word and the number it names."""
_TIGHT: Final = re.compile(r"(?:号码?|编号|[:：#=为是“\"'‘\s(（\[【]|[A-Za-z]{1,6}(?![A-Za-z])|[-_]){0,8}")
_AFTER: Final = re.compile(
    r"[ )）]*[，,]?[（(]?(?:这个|这是|就是|也是|是|为|系|作为|的)(?:我们|我|本人|他|她|客户|用户|家里|家|单位|公司|这边|的)*"
    r"(联系电话|电话|手机|号码|座机|固话|身份证|宽带账号|宽带帐号|宽带|账号|帐号|银行卡|QQ|微信)"
)
_RIGHT_AFTER: Final = re.compile(r"[（(]?(座机|固话|宽带|小灵通|家庭电话)")
_AFTER_KIND: Final = {"宽带": "account", "家庭电话": "phone", **_KIND}


class Label(NamedTuple):
    """A naming word in a text: where it stands and which kind it announces."""

    start: int
    end: int
    kind: str
    word: str


class Labels:
    """All naming words of one text, asked by place."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.all = [
            Label(m.start(), m.end(), _KIND[m[0]], m[0])
            for m in _LABEL.finditer(text)
            if not (m[0].isascii() and m[0].isalpha() and _inside_a_word(text, m))
        ]
        self._ends = [label.end for label in self.all]

    def before(self, start: int) -> str:
        """The kind announced by the nearest word that leads up to `start`; empty when none does."""
        label = self._nearest(start)
        if label is None or not _GAP.fullmatch(self.text, label.end, start):
            return ""
        return label.kind

    def named_other(self, start: int) -> bool:
        """True when the number is directly named as an order, a device, an amount: `工单号：CZ-…`."""
        label = self._nearest(start)
        return label is not None and label.kind == OTHER and bool(_TIGHT.fullmatch(self.text, label.end, start))

    def after(self, end: int, length: int) -> str:
        """The kind announced behind a number of `length` digits: `88881234是我家电话`; empty when none is."""
        match = _AFTER.match(self.text, end) or (_RIGHT_AFTER.match(self.text, end) if length >= 7 else None)
        return _AFTER_KIND[match[1]] if match else ""

    def _nearest(self, start: int) -> Label | None:
        place = bisect_right(self._ends, start) - 1
        return self.all[place] if place >= 0 and start - self._ends[place] <= 16 else None


def _inside_a_word(text: str, match: re.Match[str]) -> bool:
    """Is an English naming word only part of a longer one (`shipping`)? `vx` and `wx` are often written onto the name."""
    before, after = text[max(0, match.start() - 1) : match.start()], text[match.end() : match.end() + 1]
    joined = match[0].lower() in ("vx", "wx")
    return (before.isascii() and before.isalpha()) or (not joined and after.isascii() and after.isalpha())
