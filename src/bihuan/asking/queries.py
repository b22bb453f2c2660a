"""Who may be asked, what waits for whom, and what was asked about a case."""

from collections.abc import Sequence

from django.db.models import Exists, OuterRef, Q, QuerySet

from bihuan.asking.models import Question
from bihuan.cases import access
from bihuan.cases.models import Case
from bihuan.identity import book, roles, roster
from bihuan.identity.models import Shift, Staff
from bihuan.identity.viewer import Viewer
from bihuan.kernel import clock

SUPERIORS = ("dutymanager", "lead", "manager", "hq")
"""Roles that may be asked, in the order they are offered."""
_MOST = 40


def on_duty(case: Case) -> Staff | None:
    """The duty manager whose turn it is at the service centre answering for the case's area, or who stands in for her."""
    centre = book.units().answering("service_center", (case.province_id, case.city_id, case.district_id))
    if centre is None:
        return None
    turns = roster.on_duty([centre.id])
    found = next((turn.person for turn in turns if turn.shift.kind == Shift.Kind.MANAGER), None)
    return found or _of_role(centre.id, "dutymanager")


def _of_role(unit_id: int, role: str) -> Staff | None:
    return Staff.objects.filter(unit_id=unit_id, is_active=True, roles__contains=[role]).order_by("id").first()


def superiors(case: Case, asker_id: int | None) -> list[Staff]:
    """Who may decide on it: leads, duty managers and managers who may read the case, and who answers for the units above."""
    units = book.units()
    above = {up for unit_id in (case.holder_unit_id, case.registered_unit_id) for up in _path(unit_id)}
    answering = {unit.responsible_id for ident, unit in units.units.items() if ident in above}
    centre = units.answering("service_center", (case.province_id, case.city_id, case.district_id))
    near = above | ({centre.id} if centre else set())
    rows = Staff.objects.filter(is_active=True, is_system=False).filter(
        Q(pk__in=[one for one in answering if one]) | Q(unit_id__in=near, roles__overlap=list(SUPERIORS))
    )
    found = [
        one for one in rows.exclude(pk=asker_id or 0).select_related("unit", "deputy")[:_MOST] if one.can(roles.READ)
    ]
    return sorted(found, key=lambda one: (_rank(one), one.unit_id, one.pk))


def _rank(staff: Staff) -> int:
    return min((SUPERIORS.index(role) for role in staff.roles if role in SUPERIORS), default=len(SUPERIORS))


def _path(unit_id: int | None) -> Sequence[int]:
    unit = book.units().units.get(unit_id or 0)
    return unit.path if unit else ()


def may_answer(question: Question, staff_id: int | None) -> bool:
    """Who was asked, who stood or stands in for her; a hard case also by any other duty manager who may read it."""
    if staff_id is None or staff_id == question.asked_by_id:
        return False
    if staff_id in (question.asked_of_id, question.deputy_id):
        return True
    if roster.stand_ins(clock.now()).get(question.asked_of_id) == staff_id:
        return True
    asked = Staff.objects.filter(pk=staff_id, is_active=True).first()
    return question.kind == Question.Kind.HARD and asked is not None and "dutymanager" in asked.roles


def open_on(case_id: int) -> list[Question]:
    """Questions about this case nobody has answered yet, the oldest first."""
    return list(Question.objects.filter(case_id=case_id, answered_at=None).order_by("id"))


def waiting(viewer: Viewer) -> QuerySet[Question]:
    """What waits for her (or for whom she stands in), the soonest due first; of cases that exist for her."""
    away = [ident for ident, deputy in roster.stand_ins(clock.now()).items() if deputy == viewer.staff_id]
    mine = Q(asked_of_id=viewer.staff_id) | Q(deputy_id=viewer.staff_id) | Q(asked_of_id__in=away)
    return _seen(viewer).filter(mine, answered_at=None).order_by("due_at", "id")


def of_others(viewer: Viewer) -> QuerySet[Question]:
    """Hard cases put to other duty managers in reach, for a duty manager who has time."""
    mine = Q(asked_of_id=viewer.staff_id) | Q(deputy_id=viewer.staff_id) | Q(asked_by_id=viewer.staff_id)
    return _seen(viewer).filter(kind="hard", answered_at=None).exclude(mine).order_by("due_at", "id")


def asked_by(viewer: Viewer) -> QuerySet[Question]:
    """What she asked, newest first."""
    return _seen(viewer).filter(asked_by_id=viewer.staff_id).order_by("-id")


def answered_by(viewer: Viewer) -> QuerySet[Question]:
    """What she answered, newest first."""
    return _seen(viewer).filter(answered_by_id=viewer.staff_id).order_by("-answered_at", "-id")


def _seen(viewer: Viewer) -> QuerySet[Question]:
    return Question.objects.filter(Exists(access.visible(viewer).filter(pk=OuterRef("case_id"))))
