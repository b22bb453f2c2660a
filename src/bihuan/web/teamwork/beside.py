"""What teamwork shows on the case page."""

from typing import Any

from bihuan.assistance import queries as assistance
from bihuan.cases.models import Case
from bihuan.compensation import queries as compensation
from bihuan.identity.viewer import Viewer
from bihuan.majors import queries as majors
from bihuan.progress.queries import wants_news
from bihuan.tracking import queries as tracking
from bihuan.web.desk.names import Names


def of(viewer: Viewer, case: Case, names: Names) -> dict[str, Any]:
    """The template's context: everything others do for this case, in one place."""
    return {
        "tasks": _tasks(case, names),
        "money": _money(viewer, case, names),
        "report": majors.of_case(case.id),
        "quiet": not wants_news(case.id),
        **_track(case, names),
    }


def _tasks(case: Case, names: Names) -> list[dict[str, Any]]:
    from bihuan.web.teamwork.assistance import chip_of

    return [
        {"task": task, "unit": names.unit(task.unit_id), "chip": chip_of(task), "by": names.staff(task.ended_by_id)}
        for task in assistance.of_case(case.id)
    ]


def _money(viewer: Viewer, case: Case, names: Names) -> list[dict[str, Any]]:
    from bihuan.web.teamwork.money import told_rungs

    return [
        {"proposal": one, "by": names.staff(one.proposed_by_id), "rungs": told_rungs(one, names)}
        for one in compensation.of_case(case.id)
    ]


def _track(case: Case, names: Names) -> dict[str, Any]:
    found = tracking.of_case(case.id)
    if found is None:
        return {}
    from bihuan.web.teamwork.tracks import chip_of

    return {"track": found, "track_owner": names.staff(found.owner_id), "track_chip": chip_of(found)}
