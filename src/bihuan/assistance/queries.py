"""Reading tasks: a unit's queue, those of a case, one through its door, and how they were kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, Q, QuerySet
from django.utils.translation import gettext as _

from bihuan.assistance.models import Task
from bihuan.assistance.rules import OPEN
from bihuan.cases import access
from bihuan.cases.models import Case
from bihuan.identity import roles
from bihuan.identity.viewer import Viewer
from bihuan.kernel import clock
from bihuan.kernel.errors import Forbidden, NotFound

MOST_COUNTED = 1000


def of_case(case_id: int) -> list[Task]:
    """All tasks of a case, oldest first."""
    return list(Task.objects.filter(case_id=case_id))


def open_units(case_id: int) -> list[int]:
    """The units whose answer is still awaited."""
    return list(Task.objects.filter(case_id=case_id, status__in=OPEN).values_list("unit_id", flat=True))


def mine(viewer: Viewer, *, to_do: bool = True) -> QuerySet[Task]:
    """What her units are asked: to do, the nearest term (so the latest) first; otherwise what is done, newest first."""
    found = Task.objects.filter(unit_id__in=viewer.units)
    if to_do:
        return found.filter(status__in=OPEN).order_by("due_at", "id")
    return found.exclude(status__in=OPEN).order_by("-ended_at", "-id")


def asked_by(viewer: Viewer) -> QuerySet[Task]:
    """What her units asked others, the open ones first."""
    found = Task.objects.filter(asked_unit_id__in=viewer.units)
    return found.annotate(done=Count("id", filter=~Q(status__in=OPEN))).order_by("done", "due_at", "-id")


def count(viewer: Viewer) -> int:
    """How many of her units' tasks are to do, at most `MOST_COUNTED`."""
    return mine(viewer)[:MOST_COUNTED].count()


def access_task(viewer: Viewer, task_id: int, *, asked: bool, lock: bool = False) -> tuple[Case, Task]:
    """The task with its case (`lock`: both held until the transaction ends). `asked`: for the steps of the asked unit;
    otherwise for those of whoever asked. `NotFound` for who sees neither, `Forbidden` for who may only look."""
    task = Task.objects.filter(pk=task_id).first()
    if task is None or not _seen(viewer, task):
        raise NotFound("assistance")
    case = (Case.objects.select_for_update(of=("self",)) if lock else Case.objects).get(pk=task.case_id)
    if lock:
        task = Task.objects.select_for_update().get(pk=task_id)
    if not (may_answer(viewer, task) if asked else may_recall(viewer, case, task)):
        raise Forbidden(roles.HANDLE, _("这项协查不是请您的部门办的，您只能查看。"))
    return case, task


def _seen(viewer: Viewer, task: Task) -> bool:
    return may_answer(viewer, task) or access.visible(viewer).filter(pk=task.case_id).exists()


def may_answer(viewer: Viewer, task: Task) -> bool:
    """True for who handles cases in the asked unit."""
    return viewer.can(roles.HANDLE) and task.unit_id in viewer.units


def may_recall(viewer: Viewer, case: Case, task: Task) -> bool:
    """True for who asked, and for who has the case in hand."""
    return viewer.can(roles.HANDLE) and (task.asked_by_id == viewer.staff_id or access.holds(viewer, case))


@dataclass(frozen=True)
class Kept:
    """How one unit kept its tasks: asked, still open, of these late; answered, of these in time."""

    unit_id: int
    asked: int
    open: int
    late: int
    answered: int
    in_time: int
    returned: int

    @property
    def share(self) -> float | None:
        """In time of all that were answered or are late; None where nothing can be said."""
        over = self.answered + self.late
        return self.in_time / over if over else None


def kept(viewer: Viewer, start: datetime, end: datetime) -> list[Kept]:
    """By unit, over tasks asked from `start` to before `end` on cases the viewer sees."""
    now = clock.now()
    seen = Task.objects.filter(asked_at__gte=start, asked_at__lt=end)
    seen = seen.filter(Q(unit_id__in=viewer.units) | Q(case_id__in=access.visible(viewer).values("id")))
    rows = seen.order_by().values("unit_id").annotate(
        asked=Count("id"),
        open=Count("id", filter=Q(status__in=OPEN)),
        late=Count("id", filter=Q(status__in=OPEN, due_at__lt=now)),
        answered=Count("id", filter=Q(status="answered")),
        in_time=Count("id", filter=Q(status="answered", ended_at__lte=F("due_at"))),
        returned=Count("id", filter=Q(status="returned")),
    )  # fmt: skip
    return sorted((Kept(**row) for row in rows), key=lambda one: (-one.asked, one.unit_id))


def cases_of(tasks: Sequence[Task]) -> dict[int, Case]:
    """The cases of these tasks by id; one statement."""
    return Case.objects.in_bulk({task.case_id for task in tasks})
