"""The named cast every test plays with: two cities of one province, their units, and one person a role.

Changzhou (320400) is home, Wuxi (320200) the other city. `Cast.an` is the agent, `Cast.ma` the maintenance handler and
so on; who is from Wuxi has `_wx`. The catalog, limits and rules are the shipped ones.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

import pytest
from django.contrib.auth.hashers import make_password

from bihuan.cases.actions import Doer
from bihuan.cases.models import Case
from bihuan.identity import book, tokens
from bihuan.identity.models import Staff, Unit
from bihuan.identity.viewer import Viewer, viewer_of
from bihuan.intake.actions import Draft, register_one
from bihuan.intake.schema import ComplaintIn, Customer
from bihuan.kernel import clock
from bihuan.kernel.history import one_picture

PROVINCE, CITY, DISTRICT, OTHER_CITY, OTHER_DISTRICT = 320000, 320400, 320412, 320200, 320211
PASSWORD = "correct horse battery"

_UNITS: list[tuple[str, str, str, str | None, int | None, int | None]] = [
    ("hq", "公司总部", "headquarters", None, None, None),
    ("mgmt", "综合管理部", "management", "hq", None, None),
    ("sc_cz", "常州客户服务中心", "service_center", "hq", CITY, 2),
    ("mt_cz", "常州维护装维部", "maintenance", "hq", CITY, 2),
    ("team_cz", "常州维护一班", "team", "mt_cz", None, None),
    ("mk_cz", "常州市场部", "marketing", "hq", CITY, 2),
    ("wj", "武进区局", "district", "hq", DISTRICT, 3),
    ("sc_wx", "无锡客户服务中心", "service_center", "hq", OTHER_CITY, 2),
    ("mt_wx", "无锡维护装维部", "maintenance", "hq", OTHER_CITY, 2),
    ("sp", "某内容服务商", "partner", "hq", None, None),
]
_STAFF: list[tuple[str, str, str, list[str]]] = [
    ("an", "安宁", "sc_cz", ["agent"]),
    ("bo", "柏杨", "sc_cz", ["agent"]),
    ("di", "狄青", "sc_cz", ["dispatcher"]),
    ("du", "杜若", "sc_cz", ["dutymanager"]),
    ("ma", "马跃", "mt_cz", ["handler"]),
    ("te", "滕飞", "team_cz", ["handler"]),
    ("li", "林立", "mt_cz", ["lead"]),
    ("mk", "梅可", "mk_cz", ["handler"]),
    ("wu", "吴江", "wj", ["branch"]),
    ("re", "任真", "sc_cz", ["revisit"]),
    ("ji", "季平", "sc_cz", ["inspector"]),
    ("he", "何总", "hq", ["hq"]),
    ("fe", "费析", "hq", ["analyst"]),
    ("gu", "顾全", "mgmt", ["manager"]),
    ("sy", "施工", "hq", ["sysadmin"]),
    ("se", "沈安", "hq", ["secadmin"]),
    ("au", "敖审", "hq", ["auditor"]),
    ("pa", "潘达", "sp", ["partner"]),
    ("sys", "对接系统", "sc_cz", ["system"]),
    ("an_wx", "安无锡", "sc_wx", ["agent"]),
    ("di_wx", "狄无锡", "sc_wx", ["dispatcher"]),
    ("ma_wx", "马无锡", "mt_wx", ["handler"]),
    ("re_wx", "任无锡", "sc_wx", ["revisit"]),
]


@dataclass
class Cast:
    """Units and staff by short name, and the few things nearly every test does with them."""

    units: dict[str, Unit]
    staff: dict[str, Staff]

    def __getattr__(self, name: str) -> Staff:
        try:
            return self.staff[name]
        except KeyError:
            raise AttributeError(name) from None

    def viewer(self, name: str) -> Viewer:
        """The viewer this person is."""
        return viewer_of(self.staff[name], book.units())

    def doer(self, name: str) -> Doer:
        """The doer this person is, at the desk."""
        return Doer.of(self.viewer(name))

    def token(self, name: str, *scopes: str, **options: Any) -> str:
        """A fresh API token of this person."""
        return tokens.create(self.staff[name], "test", scopes, by_id=None, **options)

    def complaint(self, **changes: Any) -> ComplaintIn:
        """A complaint as an agent takes it; `changes` replace fields."""
        told: dict[str, Any] = {
            "channel": "hotline",
            "content": "家里三天没有信号，打电话一直断，电梯里完全没有网络。",
            "customer": Customer(name="王小明", phone="13912345678"),
            "area": str(DISTRICT),
            "category": "N0101",
        }
        return ComplaintIn(**{**told, **changes})

    def case(self, by: str = "an", *, at: datetime | None = None, **changes: Any) -> Case:
        """A case just registered by this person."""
        if at is not None:
            with clock.at(at):
                return self.case(by, **changes)
        with one_picture():
            answer = register_one(Draft(self.complaint(**changes), self.doer(by)))
        return Case.objects.get(number=answer.number)


def flipped(sealed: bytes, at: int) -> bytes:
    """With one byte changed for certain: one put in its place is the same every 256th time."""
    damaged = bytearray(sealed)
    damaged[at] ^= 0xFF
    return bytes(damaged)


@lru_cache
def _hashed() -> str:
    """Hashed once a process: the real hasher is slow on purpose."""
    return make_password(PASSWORD)


def build() -> Cast:
    """Create units and staff, where they do not stand there already."""
    if Unit.objects.filter(code="sc_cz").exists():
        return there()
    units: dict[str, Unit] = {}
    for code, name, kind, parent, area, level in _UNITS:
        unit = Unit.objects.create(
            code=code,
            name=name,
            name_en=code,
            kind=kind,
            parent=units.get(parent or ""),
            area_id=area,
            area_level=level,
        )
        unit.path = [*(units[parent].path if parent else []), unit.id]
        unit.save(update_fields=["path"])
        units[code] = unit
    password = _hashed()
    staff = {
        username: Staff.objects.create(
            username=username, name=name, unit=units[unit], roles=roles, password=password, created_at=clock.now(),
            is_system="system" in roles,
        )
        for username, name, unit, roles in _STAFF
    }  # fmt: skip
    return Cast(units, staff)


def there() -> Cast:
    """The cast that stands in the database already."""
    return Cast(
        {unit.code: unit for unit in Unit.objects.filter(code__in=[row[0] for row in _UNITS])},
        {one.username: one for one in Staff.objects.filter(username__in=[row[0] for row in _STAFF])},
    )


def leave() -> None:
    """Take the cast away again (in the caller's transaction), for what is proven on an installation without people."""
    Staff.objects.update(deputy=None)
    Unit.objects.update(responsible=None, parent=None)
    Staff.objects.all().delete()
    Unit.objects.all().delete()


@pytest.fixture
def cast(db: None) -> Cast:
    """The cast. It is committed once a run, like the shipped settings, so that what is cached from them stays good;
    what a test does to it is rolled back."""
    return there()


def seal() -> None:
    """Note how far events go and seal them. Other processes' transactions are told to be over: this test's own is open."""
    from bihuan.cases import anchors

    anchors.seal_settled()
    anchors.AnchorHorizon.objects.update(xid="1")
    anchors.seal_settled()
    assert anchors.Anchor.objects.exists()
