"""The only door to cases: what does not lie in a viewer's reach does not exist for her, in any list, count or stream."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Self

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from bihuan.cases.models import Case, CaseUnit
from bihuan.cases.numbers import tidy
from bihuan.identity import roles
from bihuan.identity.viewer import Viewer
from bihuan.kernel.errors import Forbidden, NotFound

AREA_COLUMNS = {1: "province_id", 2: "city_id", 3: "district_id", 4: "area_id"}
NOTHING = Q(pk__in=[])
Narrow = Callable[[QuerySet[Case]], QuerySet[Case]]


@dataclass(frozen=True, slots=True)
class Lie:
    """Where one case lies, as plain values: all that reach hangs on."""

    registered_by_id: int | None
    areas: dict[str, int | None]
    unit_ids: frozenset[int]
    replied: bool

    @staticmethod
    def sql(case: str) -> str:
        """The columns of a case under the name `case`, for `read`."""
        areas = ", ".join(f"{case}.{column}" for column in AREA_COLUMNS.values())
        held = f"ARRAY(SELECT unit_id FROM cases_caseunit WHERE case_id = {case}.id)"  # noqa: S608 - a name of ours
        return f"{case}.registered_by_id, {areas}, {held}, {case}.replied_at IS NOT NULL"

    @classmethod
    def read(cls, columns: Sequence[Any]) -> Self:
        """From what `sql` selects."""
        taken_by, *areas, units, replied = columns
        return cls(taken_by, dict(zip(AREA_COLUMNS.values(), areas, strict=True)), frozenset(units or ()), replied)


@dataclass(frozen=True)
class Branch:
    """One of the ways a case comes into reach: everything that is said here has to hold, nothing said means every case.

    `held_by` are units of which one holds or once held the case, `area` is (level, id).
    """

    taken_by: int | None = None
    held_by: tuple[int, ...] | None = None
    area: tuple[int, int] | None = None
    replied: bool = False

    def q(self) -> Q:
        """The same as a condition on cases."""
        found = Q()
        if self.taken_by is not None:
            found &= Q(registered_by_id=self.taken_by)
        if self.held_by is not None:
            found &= _held(self.held_by)
        if self.area is not None:
            found &= Q(**{AREA_COLUMNS[self.area[0]]: self.area[1]})
        return found & Q(replied_at__isnull=False) if self.replied else found

    def takes_in(self, lie: Lie) -> bool:
        """The same for one case already read."""
        return (
            (self.taken_by is None or lie.registered_by_id == self.taken_by)
            and (self.held_by is None or not lie.unit_ids.isdisjoint(self.held_by))
            and (self.area is None or lie.areas[AREA_COLUMNS[self.area[0]]] == self.area[1])
            and (lie.replied or not self.replied)
        )


def _held(unit_ids: Iterable[int]) -> Q:
    """Held now or once by these units; a former holder goes on reading."""
    return Q(Exists(CaseUnit.objects.filter(case_id=OuterRef("pk"), unit_id__in=list(unit_ids))))


def scope(viewer: Viewer) -> Q:
    """The condition under which a case exists for this viewer; to be put into every query on cases."""
    found = NOTHING
    for one in scopes(viewer):
        found = one if one == Q() else found | one
    return found


def scopes(viewer: Viewer) -> list[Q]:
    """The same as conditions of which one has to hold; empty where nothing exists for her. Each is answered along an
    index, their OR by none: what lists the newest of many cases asks them one by one (`newest`)."""
    return [one.q() for one in branches(viewer)]


def branches(viewer: Viewer) -> list[Branch]:
    """Reach as plain values, for those who keep their own account of cases (the search of all texts)."""
    if roles.READ not in viewer.rights or not viewer.reach:
        return []
    if roles.EVERYWHERE in viewer.reach or (roles.AREA in viewer.reach and viewer.area is None):
        return [Branch()]
    found = []
    if roles.TAKEN in viewer.reach:
        found.append(Branch(taken_by=viewer.staff_id))
    if roles.TREE in viewer.reach:
        found.append(Branch(held_by=tuple(viewer.tree_ids)))
    elif roles.UNIT in viewer.reach:
        found.append(Branch(held_by=(viewer.unit_id,)))
    if roles.AREA in viewer.reach:
        found.append(Branch(area=viewer.area))
    if roles.REPLIED in viewer.reach:
        found.append(Branch(area=viewer.area, replied=True))
    return found


def reaches(viewer: Viewer, lie: Lie) -> bool:
    """Whether a case already read exists for this viewer; the same answer as `visible`, without asking the database."""
    return any(one.takes_in(lie) for one in branches(viewer))


def newest(viewer: Viewer, narrow: Narrow, limit: int) -> list[Case]:
    """The newest cases in reach after `narrow` (which filters a query), at most `limit`: two statements.

    Asked with one OR, a database walks all cases of the house for a viewer who sees few, or gathers all she sees first.
    """
    walks = [
        narrow(Case.objects.filter(one)).order_by("-id").values_list("id", flat=True)[:limit] for one in scopes(viewer)
    ]
    if not walks:
        return []
    ids = list(walks[0] if len(walks) == 1 else walks[0].union(*walks[1:]).order_by("-id")[:limit])
    found = Case.objects.in_bulk(ids)
    return [found[case_id] for case_id in ids if case_id in found]


def visible(viewer: Viewer) -> QuerySet[Case]:
    """All cases that exist for this viewer."""
    return Case.objects.filter(scope(viewer))


def access_case(
    viewer: Viewer, number: str, right: str = roles.READ, *, lock: bool = False, together: bool = False
) -> Case:
    """The case with this number, for doing what `right` allows.

    `NotFound` when it does not exist for the viewer, `Forbidden` when she may see but not do. `lock` holds the row
    until the transaction ends: every verb that changes a case takes it so. `together`: units that help beside the lead
    unit may do it as well.
    """
    query = visible(viewer)
    if lock:
        query = query.select_for_update(of=("self",))
    case = query.filter(number=tidy(number)).first()
    if case is None:
        raise NotFound("case")
    if right != roles.READ and not may(viewer, case, right, together=together):
        raise Forbidden(
            right, _("这张工单您可以查看，但不能办理这一步：它不在您或您的部门手上，或您的角色没有这项权限。")
        )
    return case


def _lies_in_area(viewer: Viewer, case: Case) -> bool:
    if viewer.area is None:
        return True
    level, area_id = viewer.area
    return bool(getattr(case, AREA_COLUMNS[level]) == area_id)


def holds(viewer: Viewer, case: Case) -> bool:
    """True while the viewer's unit (or one below, for who leads it) has the case in hand."""
    return case.holder_unit_id in viewer.units


def helps(viewer: Viewer, case: Case) -> bool:
    """True while the viewer's unit works on the case beside the unit that leads."""
    return CaseUnit.objects.filter(case_id=case.id, unit_id__in=viewer.units, helping=True).exists()


def may(viewer: Viewer, case: Case, right: str, *, together: bool = False) -> bool:
    """Whether the viewer, who sees the case, may do with it what `right` stands for; `together` as for `access_case`."""
    if not viewer.can(right):
        return False
    if together and helps(viewer, case):
        return True
    governs = bool({roles.AREA, roles.EVERYWHERE} & viewer.reach) and _lies_in_area(viewer, case)
    took = case.registered_by_id == viewer.staff_id
    if right in {roles.RECEIVE, roles.HANDLE}:
        return holds(viewer, case)
    if right == roles.RULE:
        return governs
    if right in {roles.ACCEPT, roles.DISPATCH, roles.MERGE}:
        return holds(viewer, case) or (governs and viewer.can(roles.DISPATCH))
    if right in {roles.REVISIT, roles.CLOSE}:
        return roles.REPLIED in viewer.reach and _lies_in_area(viewer, case)
    if right == roles.CONFIRM:
        return holds(viewer, case) or (roles.REPLIED in viewer.reach and _lies_in_area(viewer, case))
    if right in {roles.REOPEN, roles.REVEAL, roles.WITHDRAW}:
        replied = roles.REPLIED in viewer.reach and _lies_in_area(viewer, case)
        return holds(viewer, case) or governs or took or replied
    if right in {roles.CHASE, roles.ASK} and not viewer.can(roles.REGISTER):
        # Whoever handed a case back goes on reading it, and no more; those who take calls note every chaser.
        return holds(viewer, case) or roles.REPLIED in viewer.reach
    return True
