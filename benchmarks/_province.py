"""A province-wide operator to measure with: thirteen cities, each with its service centre, maintenance, marketing and one
office a district; some seven hundred people. Changzhou (320400) is the busiest and the one that is measured."""

from dataclasses import dataclass, field
from typing import Any

PROVINCE, BUSY = 320000, 320400
PASSWORD = "correct horse battery"
MEASURED = ("agent", "dispatcher", "handler", "revisit", "lead", "dutymanager", "hq")
"""Usernames (= roles) that can sign in; all but hq are in the busy city."""
_CROWD = {"agent": 12, "dispatcher": 3, "revisit": 3, "maintenance": 12, "marketing": 6, "district": 4}


@dataclass
class City:
    """Ids of one city's units and staff; `hands` are (unit, its handlers) that complaints are passed on to."""

    id: int
    weight: int
    service: int = 0
    agents: list[int] = field(default_factory=list)
    dispatchers: list[int] = field(default_factory=list)
    revisitors: list[int] = field(default_factory=list)
    districts: list[int] = field(default_factory=list)
    hands: list[tuple[int, list[int]]] = field(default_factory=list)


def build() -> list[City]:
    """Units and staff, made unless they are there; answers the cities."""
    from bihuan.catalog.models import Area
    from bihuan.identity.models import Unit

    top = Unit.objects.filter(code="hq").first() or _unit("hq", "总公司", "headquarters", None, PROVINCE, 1)
    cities = []
    for place, area in enumerate(Area.objects.filter(parent_id=PROVINCE).order_by("id")):
        weight = 30 if area.id == BUSY else 12 - min(place, 10)
        districts = list(Area.objects.filter(parent_id=area.id).order_by("id").values_list("id", flat=True))
        cities.append(_city(City(area.id, weight, districts=districts), area.name, top))
    return cities


def _unit(code: str, name: str, kind: str, parent: Any, area: int | None, level: int | None) -> Any:
    from bihuan.identity.models import Unit

    unit = Unit.objects.create(code=code, name=name, kind=kind, parent=parent, area_id=area, area_level=level)
    unit.path = [*(parent.path if parent else []), unit.id]
    unit.save()
    return unit


def _staff(prefix: str, unit: Any, role: str, count: int) -> list[int]:
    from django.contrib.auth.hashers import make_password

    from bihuan.identity.models import Staff
    from bihuan.kernel import clock

    now, made = clock.now(), []
    for number in range(count):
        username = f"{prefix}{number}"
        password = "!"
        if prefix in MEASURED and number == 0:
            username, password = prefix, make_password(PASSWORD)
        made.append(
            Staff(
                username=username, name=username, unit=unit, roles=[role], password=password, created_at=now,
                password_changed_at=now,
            )
        )  # fmt: skip
    return [one.id for one in Staff.objects.bulk_create(made)]


def _city(city: City, name: str, top: Any) -> City:
    from bihuan.identity.models import Unit

    known = Unit.objects.filter(code=f"c{city.id}").first()
    if known is not None:
        return _found(city)
    busy = city.id == BUSY
    tag = "" if busy else str(city.id)
    company = _unit(f"c{city.id}", f"{name}分公司", "headquarters", top, city.id, 2)
    service = _unit(f"c{city.id}.service", f"{name}客户服务中心", "service_center", company, None, None)
    city.service = service.id
    city.agents = _staff(f"agent{tag}", service, "agent", _CROWD["agent"])
    city.dispatchers = _staff(f"dispatcher{tag}", service, "dispatcher", _CROWD["dispatcher"])
    city.revisitors = _staff(f"revisit{tag}", service, "revisit", _CROWD["revisit"])
    for kind, label in (("maintenance", "维护装维部"), ("marketing", "市场部")):
        unit = _unit(f"c{city.id}.{kind}", f"{name}{label}", kind, company, None, None)
        prefix = f"handler{tag}" if kind == "maintenance" else f"{kind}{city.id}."
        city.hands.append((unit.id, _staff(prefix, unit, "handler", _CROWD[kind])))
    for area in city.districts:
        unit = _unit(f"d{area}", f"{area} 区局", "district", company, area, 3)
        city.hands.append((unit.id, _staff(f"d{area}.", unit, "handler", _CROWD["district"])))
    if busy:
        _staff("lead", company, "lead", 1)
        _staff("dutymanager", service, "dutymanager", 1)
        _staff("hq", top, "hq", 1)
    return city


def _found(city: City) -> City:
    """The city's ids read back from a database filled before."""
    from bihuan.identity.models import Staff, Unit

    by_unit: dict[int, list[tuple[int, str]]] = {}
    for number, unit, held in Staff.objects.order_by("id").values_list("id", "unit_id", "roles"):
        by_unit.setdefault(unit, []).append((number, held[0]))
    units = {unit.code: unit.id for unit in Unit.objects.all()}
    city.service = units[f"c{city.id}.service"]
    people = by_unit[city.service]
    city.agents = [number for number, role in people if role == "agent"]
    city.dispatchers = [number for number, role in people if role == "dispatcher"]
    city.revisitors = [number for number, role in people if role == "revisit"]
    codes = [f"c{city.id}.maintenance", f"c{city.id}.marketing", *(f"d{area}" for area in city.districts)]
    city.hands = [(units[code], [number for number, _role in by_unit[units[code]]]) for code in codes]
    return city
