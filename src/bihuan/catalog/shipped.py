"""The reference data that comes with the program, as plain values read from `catalog/data/*.csv`. No database here.

Trees and reasons are a starting point: an operator edits them in the setup pages, and what was edited
is never overwritten (`catalog.seeding`). Areas come with the licence named in `data/AREAS-LICENSE.txt`.
"""

import csv
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from bihuan.catalog.pinyin import initials, spelled

DATA = Path(__file__).parent / "data"
TREES = {"phenomenon": "phenomena.csv", "product": "products.csv", "cause": "causes.csv", "dispute": "disputes.csv"}
"""Tree → its file."""
DEPTHS = {"phenomenon": 3, "product": 2, "cause": 5, "dispute": 2}
"""Tree → how many levels it has."""

_LEVELS = {"province": 1, "city": 2, "district": 3}
_ENGLISH = {
    "110000": "Beijing",
    "120000": "Tianjin",
    "310000": "Shanghai",
    "500000": "Chongqing",
    "150000": "Inner Mongolia",
    "450000": "Guangxi",
    "540000": "Xizang",
    "640000": "Ningxia",
    "650000": "Xinjiang",
    "710000": "Taiwan",
    "810000": "Hong Kong",
    "820000": "Macao",
    "610000": "Shaanxi",
    "230100": "Harbin",
    "650100": "Urumqi",
    "150100": "Hohhot",
    "540100": "Lhasa",
    "500200": "Counties of Chongqing",
    "419000": "Counties directly under Henan",
    "429000": "Counties directly under Hubei",
    "469000": "Counties directly under Hainan",
    "659000": "Counties directly under Xinjiang",
}
"""Names with an established English form, by code."""
_KINDS = (
    ("经济技术开发区", " Development Zone"),
    ("高新技术产业开发区", " High-tech Zone"),
    ("高新技术开发区", " High-tech Zone"),
    ("经济开发区", " Development Zone"),
    ("开发区", " Development Zone"),
    ("产业园区", " Industrial Park"),
    ("自治州", " Prefecture"),
    ("自治县", " County"),
    ("自治旗", " Banner"),
    ("行政区划", ""),
    ("街道", " Subdistrict"),
    ("新区", " New Area"),
    ("地区", ""),
    ("省", ""),
    ("市", ""),
    ("盟", " League"),
    ("区", " District"),
    ("县", " County"),
    ("旗", " Banner"),
    ("镇", " Town"),
    ("乡", " Township"),
)
_PEOPLES = re.compile(
    "(?:壮|回|维吾尔|藏|苗|彝|布依|朝鲜|满|侗|瑶|白|土家|哈尼|哈萨克|傣|黎|傈僳|佤|畲|拉祜|水|东乡|纳西|景颇|柯尔克孜|土|"
    "达斡尔|仫佬|羌|布朗|撒拉|毛南|仡佬|锡伯|阿昌|普米|塔吉克|怒|鄂温克|德昂|保安|裕固|独龙|鄂伦春|蒙古|各|京)族|"
    "(?:柯尔克孜|哈萨克|蒙古|塔吉克|锡伯|达斡尔)(?=自治)"
)
"""Names of peoples inside the names of their autonomous areas; English names go without them."""


@dataclass(frozen=True)
class ShippedArea:
    """`id` is the official six-digit code, `level` 1 province, 2 city, 3 district, `parent` 0 for provinces."""

    id: int
    name: str
    name_en: str
    initials: str
    level: int
    parent: int


@dataclass(frozen=True)
class ShippedNode:
    """A tree entry. The three weights run 1 (least) … 4 and are 0 where the tree has none; `dispute` is a code."""

    tree: str
    code: str
    parent: str
    name: str
    name_en: str
    level: int
    position: int
    service_type: str = ""
    urgency: int = 0
    impact: int = 0
    complexity: int = 0
    dispute: str = ""
    keywords: tuple[str, ...] = ()


@dataclass(frozen=True)
class ShippedReason:
    """A reason of one kind; `told_customer` is empty for reasons that stay inside; `pauses` stops the clocks."""

    kind: str
    code: str
    name: str
    name_en: str
    told_customer: str
    told_customer_en: str
    pauses: bool


def romanised(name: str) -> str:
    """A place name in pinyin with an English kind word: 武进区 → Wujin District, 单县 → Shan County."""
    if "自治" in name:
        kept = _PEOPLES.sub("", name)
        name = name if kept.startswith("自治") else kept
    for suffix, word in _KINDS:
        if name.endswith(suffix) and len(name) > len(suffix):
            return spelled(name, len(suffix)) + word
    return spelled(name)


def areas() -> list[ShippedArea]:
    """Every province, city and district, parents before children."""
    found = [_area(row) for row in _rows("areas.csv")]
    return sorted(found, key=lambda area: (area.level, area.id))


@cache
def nodes(tree: str) -> tuple[ShippedNode, ...]:
    """The entries of one tree, parents before children."""
    depth: dict[str, int] = {}
    found = []
    for position, row in enumerate(_rows(TREES[tree])):
        depth[row["code"]] = depth.get(row["parent"], 0) + 1
        found.append(_node(tree, row, depth[row["code"]], position))
    return tuple(found)


def leaves(tree: str) -> list[ShippedNode]:
    """The entries of a tree that have none below them."""
    parents = {node.parent for node in nodes(tree)}
    return [node for node in nodes(tree) if node.code not in parents]


@cache
def path_names(tree: str, code: str) -> tuple[str, ...]:
    """The Chinese names from the top of the tree down to `code`."""
    node = next(node for node in nodes(tree) if node.code == code)
    return (*path_names(tree, node.parent), node.name) if node.parent else (node.name,)


def reasons() -> list[ShippedReason]:
    """All reasons of all kinds."""
    return [
        ShippedReason(
            row["kind"], row["code"], row["name"], row["name_en"], row["told_customer"], row["told_customer_en"],
            row["pauses"] == "yes",
        )
        for row in _rows("reasons.csv")
    ]  # fmt: skip


def _rows(file: str) -> Iterable[dict[str, str]]:
    with (DATA / file).open(encoding="utf-8", newline="") as stream:
        yield from csv.DictReader(stream)


def _area(row: dict[str, str]) -> ShippedArea:
    return ShippedArea(
        id=int(row["code"]),
        name=row["name"],
        name_en=_ENGLISH.get(row["code"]) or romanised(row["name"]),
        initials=initials(row["name"]),
        level=_LEVELS[row["level"]],
        parent=int(row["parent"] or 0),
    )


def _node(tree: str, row: dict[str, str], level: int, position: int) -> ShippedNode:
    plain = ShippedNode(tree, row["code"], row["parent"], row["name"], row["name_en"], level, position)
    if not row.get("service_type"):
        return plain
    return ShippedNode(
        tree, row["code"], row["parent"], row["name"], row["name_en"], level, position,
        service_type=row["service_type"],
        urgency=int(row["urgency"]),
        impact=int(row["impact"]),
        complexity=int(row["complexity"]),
        dispute=row["dispute"],
        keywords=tuple(row["keywords"].split("|")),
    )  # fmt: skip
