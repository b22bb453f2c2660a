"""What stands in complaints beside personal numbers and must survive: the hard half of the built-in test sentences."""

import random
from collections.abc import Callable
from typing import Final

from bihuan.text.spots import Spot, some


def date(rng: random.Random, parts: str = "-") -> str:
    return f"{rng.randint(2016, 2026)}{parts}{rng.randint(1, 12):02d}{parts}{rng.randint(1, 28):02d}"


def _negative(form: Callable[[random.Random], str]) -> Callable[[random.Random], Spot]:
    return lambda rng: (form(rng), "")


NEGATIVE: Final = tuple(
    _negative(form)
    for form in (
        lambda r: f"从{date(r)}开始",
        lambda r: f"{date(r, '')}办理的",
        lambda r: f"{date(r, '/')} {r.randint(0, 23)}:{r.randint(0, 59):02d}:{r.randint(0, 59):02d}",
        lambda r: f"{date(r, '.')}到{date(r, '.')}",
        lambda r: f"{r.randint(2016, 2026)}年{r.randint(1, 12)}月{r.randint(1, 28)}日",
        lambda r: f"二〇二六年{r.choice('三四五六')}月办的套餐",
        lambda r: f"订单号{date(r, '')}{some(r, r.choice((6, 10, 12)))}",
        lambda r: f"工单号：CZ{date(r, '')}{some(r, 6)}",
        lambda r: f"工单编号 {some(r, 12)}",
        lambda r: f"流水号{some(r, 18)}",
        lambda r: f"投诉编号TS-{date(r, '')}-{some(r, 5)}",
        lambda r: f"扣了{r.randint(10000, 999999)}元",
        lambda r: f"多收{r.randint(10, 999)}.{some(r, 2)}元",
        lambda r: f"余额{r.randint(1000, 99999)}.{some(r, 2)}",
        lambda r: f"合同金额1,{some(r, 3)},{some(r, 3)}元",
        lambda r: f"IP地址192.168.{r.randint(0, 255)}.{r.randint(1, 254)}",
        lambda r: f"ping {r.randint(11, 223)}.{r.randint(0, 255)}.{r.randint(0, 255)}.{r.randint(1, 254)} 丢包",
        lambda r: f"光猫型号HG8245Q{r.randint(1, 9)}",
        lambda r: f"型号 ZXHN-F{some(r, 5)}",
        lambda r: f"路由器序列号SN{some(r, 12)}",
        lambda r: f"IMEI 86{some(r, 13)}",
        lambda r: f"MAC 00:1A:{some(r, 2)}:{some(r, 2)}:3C:4D",
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
        lambda r: f"收到1069{some(r, 8)}的短信",
        lambda r: f"测速{r.randint(100, 1000)}Mbps",
        lambda r: f"办了{r.randint(100, 2000)}兆宽带",
        lambda r: f"欠费{r.randint(10, 90)}个月",
        lambda r: f"在{r.randint(1, 99)}栋{r.randint(101, 3302)}室",
        lambda r: f"邮编21{some(r, 4)}",
        lambda r: f"验证码{some(r, 6)}",
        lambda r: f"账号被扣了{r.randint(10000, 99999)}元",
        lambda r: f"账号在{date(r, '')}开通",
        lambda r: f"手机号138****{some(r, 4)}已经脱敏",
        lambda r: f"尾号{some(r, 4)}的手机",
        lambda r: f"快递单号SF{some(r, 13)}",
        lambda r: f"基站 ECI {some(r, 9)}",
        lambda r: "一二三四楼都没有信号",
        lambda r: "等了三四五六天",
        lambda r: f"打了{r.randint(3, 20)}次电话",
        lambda r: f"{r.randint(8, 11)}:00-{r.randint(12, 18)}:30 在家",
        lambda r: f"版本号 {r.randint(1, 9)}.{r.randint(0, 20)}.{some(r, 4)}",
        lambda r: f"第{r.randint(10000, 99999)}号文件",
        lambda r: "微信公众号 jsdx_10000 上查不到",
        lambda r: "宽带账号密码忘了",
        lambda r: f"客户编号没有，订单 {some(r, 10)}",
        lambda r: f"坐标 {r.randint(110, 120)}.{some(r, 6)},{r.randint(30, 32)}.{some(r, 6)}",
        lambda r: f"https://example.com/a/{some(r, 6)}",
    )
)
