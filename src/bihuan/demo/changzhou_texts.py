"""What the orders of Changzhou say: texts with slots, filled by chance."""

import csv
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from random import Random

from bihuan.catalog import shipped
from bihuan.demo.people import Place

DATA = Path(__file__).parent / "data"
DISPUTES = {"D1": "业务办理", "D2": "服务", "D3": "外线装维", "D4": "话费"}
"""Dispute code → its name in both systems."""


@dataclass(frozen=True)
class Text:
    """One kind of order: leaf of the phenomenon tree, how often it comes, and three texts with slots."""

    category: str
    weight: int
    content: str
    demand: str
    reply: str


ON_THE_SPOT_ALREADY = ("S07", "C06", "S0205", "S0209")
"""Categories whose own reply can be given during the call."""
_PRODUCTS = {
    "N01": "4G 套餐", "N02": "光纤宽带 100M 及以下", "N03": "互动电视", "N04": "光纤宽带 100M 及以下",
    "N05": "光纤宽带 100M 及以下", "C01": "4G 套餐", "C02": "4G 套餐", "C03": "彩铃与来电提醒",
    "C05": "宽带加手机融合套餐", "N0303": "普通固话", "C0302": "第三方代收业务", "C0502": "机顶盒",
}  # fmt: skip
_OPENERS = ("用户来电反映，", "客户反映：", "机主来电，", "用户称，", "", "", "")
_CLOSERS = (
    "用户情绪激动，请尽快处理。",
    "请核实处理并回复用户。",
    "用户要求当日回复。",
    "用户称已多次反映。",
    "用户为老客户，在网{years}年，请妥善处理。",
    "请于{time}联系用户。",
    "用户称{time}以外不便接听电话。",
    "联系人为用户家属，{time}可联系。",
    "",
    "",
    "",
    "",
)
_TIMES = ("上午", "中午", "下午两点后", "下午五点后", "晚上七点后", "周末", "工作日上午", "工作日下午")


@cache
def _texts() -> dict[str, list[Text]]:
    dispute = {leaf.code: leaf.dispute for leaf in shipped.leaves("phenomenon")}
    found: dict[str, list[Text]] = {code: [] for code in DISPUTES}
    with (DATA / "changzhou_texts.csv").open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            text = Text(row["category"], int(row["weight"]), row["content"], row["demand"], row["reply"])
            found[dispute[text.category]].append(text)
    return found


@cache
def replies() -> dict[str, list[str]]:
    """What an agent answers on the spot, by dispute code."""
    found: dict[str, list[str]] = {code: [] for code in DISPUTES}
    with (DATA / "changzhou_replies.csv").open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            found[row["dispute"]].append(row["reply"])
    return found


def draw(dispute: str, rng: Random) -> Text:
    """One kind of order under a dispute, the frequent ones more often."""
    kinds = _texts()[dispute]
    return rng.choices(kinds, [kind.weight for kind in kinds])[0]


def product(category: str) -> str:
    """The product such an order is mostly about, by its name in the product tree."""
    return _PRODUCTS.get(category) or _PRODUCTS.get(category[:3]) or "服务类（无具体产品）"


def sentence(content: str, rng: Random) -> str:
    """The content as a clerk would open and close it."""
    opener, closer = rng.choice(_OPENERS), rng.choice(_CLOSERS)
    if opener and content.startswith(("用户", "客户", "咨询", "申请", "接")):
        opener = ""
    return opener + content + closer.format(years=rng.randint(3, 15), time=rng.choice(_TIMES))


def slots(registered: datetime, place: Place, rng: Random) -> dict[str, object]:
    """What the texts leave open. Dates lie shortly before (`date`) and after (`date2`) the registration."""
    before = registered - timedelta(days=rng.randint(2, 14))
    after = registered + timedelta(days=rng.randint(1, 2))
    plan, plan2 = rng.sample(
        ("畅享59套餐", "畅享89套餐", "畅享129套餐", "飞扬49套餐", "家庭融合169套餐", "商旅199套餐"), 2
    )
    return {
        "date": f"{before.month}月{before.day}日",
        "date2": f"{after.month}月{after.day}日",
        "month": f"{(registered.month - 2) % 12 + 1}",
        "district": place.district,
        "hall": place.hall.removesuffix("支局") + "营业厅",
        "road": rng.choice(place.roads),
        "estate": rng.choice(place.estates),
        "plan": plan,
        "plan2": plan2,
        "fee": rng.choice((98, 126, 158, 187, 199, 236, 268, 312, 358)),
        "fee2": rng.choice((20, 30, 36, 49, 59, 60, 69, 88)),
        "fee3": rng.choice((5, 6, 8, 10, 15, 20, 30)),
        "n": rng.randint(2, 9),
        "gift": rng.choice(("电饭煲", "食用油", "行李箱", "智能手环", "话费50元", "路由器")),
        "vas": rng.choice(("来电名片", "彩铃", "视频会员包", "手机报", "通信助理")),
        "problem": rng.choice(("宽带频繁掉线", "话费多扣", "过户", "移机", "退订增值业务")),
    }
