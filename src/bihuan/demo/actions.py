"""Builds the demo operator on first start: units, staff, rosters, customers by area, and a month of complaints."""

import base64
import hashlib
import hmac
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import transaction

from bihuan.cases.models import Case
from bihuan.catalog.models import Node, Subscribers
from bihuan.demo import (
    aftercare,
    appeals,
    content,
    fieldwork,
    leading,
    operator,
    oversight,
    play,
    proof,
    sharing,
    teamwork,
    written,
)
from bihuan.demo.operator import StaffSpec, UnitSpec
from bihuan.demo.scripts import ZONE
from bihuan.identity import book, roles, tokens
from bihuan.identity.models import Shift, Staff, Token, Unit
from bihuan.identity.viewer import viewer_of
from bihuan.kernel import clock, keys
from bihuan.kernel.history import one_picture
from bihuan.knowledge import seeding as knowledge

_WRITERS = ("dispatcher1", "manager1")


@transaction.atomic
def seed(now: datetime | None = None, regular: int = content.REGULAR) -> dict[str, Any]:
    """The whole demo operator, in one transaction; where there are complaints already, only what is missing around them.

    Returns {units, staff, cases, refused}: counts, and the scripts that a rule refused (none, a test sees to that).
    """
    moment = now or clock.now()
    made: dict[str, Any] = {**organisation(moment), "cases": 0, "refused": {}}
    _rosters(moment)
    _subscribers(moment)
    _knowledge()
    if not Case.objects.exists():
        scripts = content.scripts_for(moment, regular)
        aftercare.rules()
        with aftercare.reachable(), one_picture():  # nobody changes a setting in that month
            done = play.play(scripts, moment)
        made.update(cases=len(done.numbers), refused=done.refused)
        made.update(aftercare.play(done.viewers, moment))
        made["appeals"] = appeals.play(scripts, done.numbers, done.viewers, moment)
        sharing.play(done.viewers, moment)
        made.update(leading.play(done.viewers, moment))
        made.update(teamwork.play(done.viewers, moment))
        made.update(proof.play(done.viewers, moment))
        made.update(fieldwork.play(done.viewers, moment))
        made.update(oversight.play(done.viewers, moment))
        made.update(written.play(done.viewers, moment))
    sharing.settings()
    return made


def _knowledge() -> None:
    """The shipped articles, written by a dispatcher and approved by the manager."""
    people = {one.username: viewer_of(one, book.units()) for one in Staff.objects.filter(username__in=_WRITERS)}
    if len(people) == len(_WRITERS):
        knowledge.seed(*(people[name] for name in _WRITERS))


def organisation(now: datetime | None = None) -> dict[str, int]:
    """Units, staff and tokens alone, without complaints; what is there already stays. Returns {units, staff} added."""
    moment = now or clock.now()
    made = {"units": _units(), "staff": _staff(moment)}
    _tokens(moment)
    return made


def logins() -> list[dict[str, str]]:
    """One login a role: role, username, password, name."""
    shown = {spec.username: spec for spec in operator.STAFF if spec.username in operator.SHOWN}
    return [
        {
            "role": shown[username].roles[0],
            "username": username,
            "password": operator.PASSWORD,
            "name": f"{shown[username].name} {shown[username].name_en}",
        }
        for username in operator.SHOWN
    ]


def api_token() -> str:
    """The bearer token of the open API's account; the same at every start, different for every installation."""
    return _token(operator.SYSTEM_ACCOUNT)


def revisit_token() -> str:
    """A second token, for revisits: whoever handled a complaint may not revisit it, by the API neither."""
    return _token(operator.REVISIT_ACCOUNT)


def _token(account: StaffSpec) -> str:
    """Worked out from the installation's secret, so that it need not be kept in the open."""
    secret = keys.current().secret_key.encode()
    made = hmac.new(secret, f"demo-token:{account.username}".encode(), hashlib.sha256).digest()
    return tokens.PREFIX + base64.urlsafe_b64encode(made).decode().rstrip("=")


def _units() -> int:
    known = {unit.code: unit for unit in Unit.objects.all()}
    missing = [spec for spec in operator.UNITS if spec.code not in known]
    for spec in missing:
        known[spec.code] = _unit(spec, known.get(spec.parent))
    return len(missing)


def _unit(spec: UnitSpec, parent: Unit | None) -> Unit:
    level = 0 if not spec.area else 1 if spec.area % 10000 == 0 else 2 if spec.area % 100 == 0 else 3
    unit = Unit.objects.create(
        code=spec.code,
        name=spec.name,
        name_en=spec.name_en,
        kind=spec.kind,
        parent=parent,
        area_id=spec.area or None,
        area_level=level or None,
    )
    unit.path = [*(parent.path if parent else []), unit.id]
    unit.save(update_fields=["path"])
    return unit


def _staff(now: datetime) -> int:
    known = set(Staff.objects.values_list("username", flat=True))
    units = {unit.code: unit for unit in Unit.objects.all()}
    password = make_password(operator.PASSWORD)
    accounts = [(spec, False) for spec in operator.STAFF]
    accounts += [(spec, True) for spec in (operator.SYSTEM_ACCOUNT, operator.REVISIT_ACCOUNT)]
    missing = [(spec, system) for spec, system in accounts if spec.username not in known]
    Staff.objects.bulk_create(
        Staff(
            username=spec.username,
            name=spec.name,
            name_en=spec.name_en,
            employee_number=f"YJ{10000 + place}",
            unit=units[spec.unit],
            roles=list(spec.roles),
            skills=list(spec.skills),
            is_system=system,
            password=make_password(None) if system else password,
            created_at=now,
        )
        for place, (spec, system) in enumerate(missing)
    )
    if missing:
        _name_each_other(units)
    return len(missing)


def _name_each_other(units: dict[str, Unit]) -> None:
    """Deputies and responsible persons, once everybody is there."""
    people = {staff.username: staff for staff in Staff.objects.all()}
    for spec in operator.STAFF:
        if spec.deputy:
            Staff.objects.filter(username=spec.username).update(deputy=people[spec.deputy])
    for unit in operator.UNITS:
        if unit.responsible in people:
            Unit.objects.filter(code=unit.code).update(responsible=people[unit.responsible])


_SCOPES = {
    operator.SYSTEM_ACCOUNT.username: sorted(set(roles.ALL_RIGHTS) - {roles.ACCOUNTS, roles.GRANTS, roles.AUDIT}),
    operator.REVISIT_ACCOUNT.username: [roles.READ, roles.REVISIT, roles.CLOSE, roles.REOPEN],
}


def _tokens(now: datetime) -> None:
    for account in (operator.SYSTEM_ACCOUNT, operator.REVISIT_ACCOUNT):
        token = _token(account)
        Token.objects.get_or_create(
            digest=tokens.digest_of(token),
            defaults={
                "owner": Staff.objects.get(username=account.username),
                "name": account.name,
                "hint": token[-4:],
                "scopes": _SCOPES[account.username],
                "created_at": now,
            },
        )


def _rosters(now: datetime) -> None:
    """Duty manager and desks for yesterday and the next seven days, eight to twenty and the night."""
    if Shift.objects.exists():
        return
    people = {
        staff.username: staff for staff in Staff.objects.filter(username__in=("dutymanager1", "lead1", "dutymanager2"))
    }
    midnight = now.astimezone(ZONE).replace(hour=0, minute=0, second=0, microsecond=0)
    rows = []
    for day in range(-1, 8):
        morning = midnight + timedelta(days=day, hours=8)
        turns = (("dutymanager1", 0, 12, "manager"), ("lead1", 12, 12, "manager"), ("dutymanager2", 0, 12, "interface"))
        for username, start, hours, kind in turns:
            staff = people[username]
            begin = morning + timedelta(hours=start)
            rows.append(
                Shift(unit=staff.unit, staff=staff, kind=kind, starts_at=begin, ends_at=begin + timedelta(hours=hours))
            )
    Shift.objects.bulk_create(rows)


def _subscribers(now: datetime) -> None:
    """Customers by district and product: the last thirteen months, and April and May 2016 for Changzhou's table."""
    if Subscribers.objects.exists():
        return
    products = {node.code: node for node in Node.objects.filter(tree="product", code__in=("P01", "P02"))}
    first = now.astimezone(ZONE).date().replace(day=1)
    months = [((first.year * 12 + first.month - 1 - back), 1 - 0.002 * back) for back in range(13)]
    months += [(2016 * 12 + 3, 0.62), (2016 * 12 + 4, 0.621)]
    rows = []
    for area, (mobile, broadband) in operator.SUBSCRIBERS.items():
        for index, share in months:
            month = first.replace(year=index // 12, month=index % 12 + 1)
            counts = {"P01": int(mobile * share), "P02": int(broadband * share)}
            rows += [
                Subscribers(area_id=area, product=products[code], month=month, count=n) for code, n in counts.items()
            ]
            rows.append(Subscribers(area_id=area, product=None, month=month, count=sum(counts.values())))
    Subscribers.objects.bulk_create(rows)
