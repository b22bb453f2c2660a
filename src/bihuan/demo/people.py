"""Made-up people, numbers and addresses. Nobody here exists; the digits 000 after the prefix mark invented mobiles."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

_SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎"
    "余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段钱汤尹黎易常武乔贺赖龚文"
)
_COMPOUND = ("欧阳", "上官", "司马", "诸葛", "皇甫")
_GIVEN = (
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂英华玉萍红玲芬燕彬波辉鹏飞健翔宇浩晨轩涵梦琪欣怡佳雪倩颖"
    "慧琳洁婷建国志文海春秋成林永福荣根宝珍凤生元良才新德祥"
)
_PREFIXES = ("133", "153", "177", "180", "181", "189", "199")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


@dataclass(frozen=True)
class Place:
    """A district with invented estates and common road names. `area` is its six-digit code."""

    area: int
    district: str
    hall: str
    """The branch office (and its business hall) that serves it."""
    office: str
    """The district office."""
    roads: tuple[str, ...]
    estates: tuple[str, ...]


CHANGZHOU = (
    Place(320412, "武进区", "湖塘支局", "武进区局", ("延政路", "花园街", "人民东路", "武宜路", "古方路"),
          ("锦绣花园", "湖滨雅苑", "金色新城", "四季家园", "阳湖名都", "长虹新村")),
    Place(320402, "天宁区", "红梅支局", "天宁区局", ("关河东路", "健身路", "丽华北路", "晋陵中路"),
          ("翠竹苑", "红梅西村", "东方嘉园", "青龙花苑", "桃园公寓")),
    Place(320404, "钟楼区", "五星支局", "钟楼区局", ("怀德中路", "勤业路", "西新桥路", "星园路"),
          ("勤业新村", "荷花池公寓", "新闸花苑", "白云雅居", "清潭六村")),
    Place(320411, "新北区", "三井支局", "新北区局", ("通江中路", "太湖东路", "黄河西路", "汉江路"),
          ("藻江花园", "府翰苑", "百草苑", "飞龙新村", "龙虎塘花苑")),
    Place(320413, "金坛区", "金城支局", "金坛区局", ("东门大街", "华城路", "沿河东路"),
          ("春风花园", "丹阳门小区", "滨湖名城", "愚池湾")),
    Place(320481, "溧阳市", "溧城支局", "溧阳区局", ("南大街", "平陵中路", "燕山路"),
          ("清溪花园", "燕园", "天目名苑", "罗湾新村")),
)  # fmt: skip
"""Changzhou's districts."""

WUXI = (
    Place(320213, "梁溪区", "崇安支局", "梁溪区局", ("人民中路", "解放东路", "广瑞路", "永丰路"),
          ("南长新村", "金匮苑", "广丰二村", "永乐家园")),
    Place(320211, "滨湖区", "蠡园支局", "滨湖区局", ("太湖大道", "隐秀路", "建筑西路", "山水东路"),
          ("蠡溪苑", "湖滨壹号", "东绛新村", "阳光水榭")),
    Place(320214, "新吴区", "旺庄支局", "新吴区局", ("长江北路", "旺庄路", "珠江路", "行创路"),
          ("旺庄家园", "春江花园", "叙康里", "新洲花园")),
)  # fmt: skip
"""The demo operator's second city."""


def name(rng: Random) -> str:
    """A Chinese name of two or three characters, now and then with a compound surname."""
    surname = rng.choice(_COMPOUND) if rng.random() < 0.01 else rng.choice(_SURNAMES)
    return surname + "".join(rng.choice(_GIVEN) for _ in range(2 if rng.random() < 0.8 else 1))


def mobile(rng: Random) -> str:
    """An invented mobile number of eleven digits: a real prefix, then 000, then five digits."""
    return f"{rng.choice(_PREFIXES)}000{rng.randrange(100000):05d}"


def landline(rng: Random, code: str = "0519") -> str:
    """An invented fixed line with its area code."""
    return f"{code}-8{rng.randrange(10)}000{rng.randrange(1000):03d}"


def broadband(rng: Random, prefix: str = "cz") -> str:
    """An invented broadband account."""
    return f"{prefix}{rng.randrange(10**8):08d}"


def identity_number(rng: Random, area: int = 320400) -> str:
    """An invented identity number with a right check digit (GB 11643)."""
    born = date(1945, 1, 1) + timedelta(days=rng.randrange(365 * 60))
    stem = f"{area}{born:%Y%m%d}{rng.randrange(1000):03d}"
    rest = sum(int(digit) * weight for digit, weight in zip(stem, _WEIGHTS, strict=True)) % 11
    return stem + "10X98765432"[rest]


def address(rng: Random, place: Place) -> str:
    """Estate, building and flat, or a house number on a road."""
    if rng.random() < 0.8:
        building, stair, floor, flat = (rng.randint(1, most) for most in (48, 4, 18, 4))
        return f"{rng.choice(place.estates)}{building}幢{stair}单元{floor}0{flat}室"
    return f"{rng.choice(place.roads)}{rng.randint(1, 380)}号"
