"""Duty rosters: who is on duty when, who is away and who stands in, who answers for a unit."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils.translation import gettext as _

from bihuan.identity import roles
from bihuan.identity.models import Absence, Shift, Staff, Unit
from bihuan.identity.viewer import Viewer
from bihuan.kernel import clock
from bihuan.kernel.errors import Conflict, Forbidden, NotFound, RuleError
from bihuan.kernel.history import edited_by

LONGEST_SHIFT = timedelta(hours=24)
LONGEST_ABSENCE = timedelta(days=366)
_CHAIN = 5
"""How many deputies of deputies are asked before the person herself is named."""


@dataclass(frozen=True)
class Duty:
    """Who does a turn of duty: `staff` as planned, `stands_in` who does it while she is away (None: herself)."""

    shift: Shift
    staff: Staff
    stands_in: Staff | None

    @property
    def person(self) -> Staff:
        """Whom to call."""
        return self.stands_in or self.staff


def manages(by: Viewer, unit_id: int) -> bool:
    """True when she plans this unit's duty: her own unit and those below, the manager every unit."""
    return by.can(roles.DUTY) and (unit_id in by.tree_ids or roles.EVERYWHERE in by.reach)


def add_shift(unit_id: int, staff_id: int, kind: str, starts_at: datetime, ends_at: datetime, by: Viewer) -> Shift:
    """One turn of duty; a person does one thing at a time."""
    _must_manage(by, unit_id)
    if kind not in Shift.Kind.values:
        raise RuleError("shift.kind", _("请选择班次：值班、值班长或接口人。"), field="kind")
    _check_span(starts_at, ends_at, LONGEST_SHIFT, _("一个班次最长 24 小时。"))
    with edited_by(by.staff_id):
        staff = Staff.objects.select_for_update(of=("self",)).filter(pk=staff_id, is_active=True).first()
        if staff is None or staff.is_system:
            raise RuleError("shift.staff", _("请选择在用的账号。"), field="staff")
        clash = Shift.objects.filter(staff=staff, starts_at__lt=ends_at, ends_at__gt=starts_at).first()
        if clash is not None:
            raise Conflict("shift.clash", _("%s 在这段时间已有班次。") % staff.name, field="staff")
        return Shift.objects.create(unit_id=unit_id, staff=staff, kind=kind, starts_at=starts_at, ends_at=ends_at)


def remove_shift(shift_id: int, by: Viewer) -> None:
    """Strike a turn; what was already done stays in the history."""
    with edited_by(by.staff_id):
        shift = Shift.objects.filter(pk=shift_id).first()
        if shift is None:
            raise NotFound("shift")
        _must_manage(by, shift.unit_id)
        shift.delete()


def copy_week(unit_id: int, monday: datetime, by: Viewer) -> int:
    """Last week's turns once more, seven days later, leaving out whom something else would clash with; answers how many."""
    _must_manage(by, unit_id)
    week = timedelta(days=7)
    copied = 0
    with edited_by(by.staff_id):
        last = Shift.objects.filter(unit_id=unit_id, starts_at__gte=monday - week, starts_at__lt=monday)
        for shift in last.select_related("staff").order_by("starts_at"):
            begin, end = shift.starts_at + week, shift.ends_at + week
            busy = Shift.objects.filter(staff=shift.staff, starts_at__lt=end, ends_at__gt=begin).exists()
            if busy or not shift.staff.is_active:
                continue
            Shift.objects.create(unit_id=unit_id, staff=shift.staff, kind=shift.kind, starts_at=begin, ends_at=end)
            copied += 1
    return copied


def add_absence(
    staff_id: int, starts_at: datetime, ends_at: datetime, by: Viewer, *, deputy_id: int | None = None, reason: str = ""
) -> Absence:
    """Someone is away; she says so herself, or who plans the duty of her unit does."""
    _check_span(starts_at, ends_at, LONGEST_ABSENCE, _("一次请假最长一年。"))
    with edited_by(by.staff_id):
        staff = Staff.objects.select_related("deputy").get(pk=staff_id)
        if staff_id != by.staff_id:
            _must_manage(by, staff.unit_id)
        deputy = Staff.objects.filter(pk=deputy_id, is_active=True).first() if deputy_id else staff.deputy
        if deputy is None or deputy.pk == staff_id:
            raise RuleError("absence.deputy", _("请指定另一个在用的账号作代理人。"), field="deputy")
        return Absence.objects.create(
            staff=staff,
            starts_at=starts_at,
            ends_at=ends_at,
            deputy_id=deputy.pk if deputy_id else None,
            reason=reason.strip(),
        )


def end_absence(absence_id: int, by: Viewer) -> None:
    """She is back (or never left): an absence to come is struck, a running one ends now."""
    with edited_by(by.staff_id):
        absence = Absence.objects.select_related("staff").filter(pk=absence_id).first()
        if absence is None:
            raise NotFound("absence")
        if absence.staff_id != by.staff_id:
            _must_manage(by, absence.staff.unit_id)
        if absence.starts_at >= clock.now():
            absence.delete()
        elif absence.ends_at > clock.now():
            absence.ends_at = clock.now()
            absence.save(update_fields=["ends_at"])


def name_responsible(unit_id: int, staff_id: int | None, by: Viewer) -> None:
    """Who answers for the unit: gets what is dispatched to it without a name, and hears of what is late."""
    _must_manage(by, unit_id)
    with edited_by(by.staff_id):
        if staff_id is not None and not Staff.objects.filter(pk=staff_id, is_active=True, is_system=False).exists():
            raise RuleError("unit.responsible", _("责任人应是在用的账号。"), field="responsible")
        if not Unit.objects.filter(pk=unit_id, active=True).update(responsible_id=staff_id):
            raise NotFound("unit")


def on_duty(unit_ids: Sequence[int], at: datetime | None = None) -> list[Duty]:
    """Who is on duty in these units at a moment (now), managers first; of who is away, who stands in."""
    moment = at or clock.now()
    turns = Shift.objects.filter(unit_id__in=list(unit_ids), starts_at__lte=moment, ends_at__gt=moment)
    order = {Shift.Kind.MANAGER: 0, Shift.Kind.INTERFACE: 1, Shift.Kind.DESK: 2}
    rows = sorted(
        turns.select_related("staff", "unit"), key=lambda turn: (order[Shift.Kind(turn.kind)], turn.starts_at, turn.pk)
    )
    return [Duty(turn, turn.staff, stand_in(turn.staff, moment)) for turn in rows]


def stand_in(staff: Staff, at: datetime | None = None) -> Staff | None:
    """Who does her work while she is away at that moment; None when she is here, or when nobody else is."""
    moment = at or clock.now()
    person, asked = staff, {staff.pk}
    for _step in range(_CHAIN):
        away = Absence.objects.filter(staff=person, starts_at__lte=moment, ends_at__gt=moment)
        absence = away.select_related("deputy").order_by("-id").first()
        if absence is None and person.is_active:
            return None if person.pk == staff.pk else person
        following = (absence.deputy if absence and absence.deputy_id else None) or person.deputy
        if following is None or following.pk in asked:
            return None
        person = following
        asked.add(person.pk)
    return None


def stand_ins(at: datetime | None = None) -> dict[int, int]:
    """Everyone who is away or has left at that moment and has somebody who stands in (as `stand_in`): two statements."""
    moment = at or clock.now()
    running = Absence.objects.filter(starts_at__lte=moment, ends_at__gt=moment).order_by("id")
    away: dict[int, int | None] = dict(running.values_list("staff_id", "deputy_id"))
    out = Staff.objects.filter(Q(pk__in=list(away)) | Q(is_active=False))
    following = {ident: away.get(ident) or deputy for ident, deputy in out.values_list("id", "deputy_id")}
    found = {}
    for ident in following:
        person, asked = following[ident], {ident}
        for _step in range(_CHAIN):
            if person is None or person in asked or person not in following:
                break
            asked.add(person)
            person = following[person]
        if person is not None and person not in following:
            found[ident] = person
    return found


def _must_manage(by: Viewer, unit_id: int) -> None:
    if not manages(by, unit_id):
        raise Forbidden("duty", _("只能安排本部门及下级部门的值班。"))


def _check_span(starts_at: datetime, ends_at: datetime, longest: timedelta, too_long: str) -> None:
    if ends_at <= starts_at:
        raise RuleError("span.order", _("结束时间应晚于开始时间。"), field="ends_at")
    if ends_at - starts_at > longest:
        raise RuleError("span.long", too_long, field="ends_at")
