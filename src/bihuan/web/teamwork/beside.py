"""What teamwork shows on the case page."""

from collections.abc import Set
from typing import Any

from bihuan.assistance import queries as assistance
from bihuan.cases.models import Case
from bihuan.compensation import queries as compensation
from bihuan.majors import queries as majors
from bihuan.progress.queries import wants_news
from bihuan.tracking import queries as tracking
from bihuan.web.desk.names import Names


def of(case: Case, names: Names, kinds: Set[str]) -> dict[str, Any]:
    """The template's context: everything others do for this case, in one place.

    `kinds` are the kinds of its events: whatever was done has left one, so that rooms with nothing to say are not asked.
    """
    return {
        "tasks": _tasks(case, names) if "assistance_asked" in kinds else [],
        "money": _money(case, names) if "compensation_proposed" in kinds else [],
        "report": majors.of_case(case.id) if "report_begun" in kinds else None,
        "quiet": "news_wished" in kinds and not wants_news(case.id),
        **(_track(case, names) if "tracking_begun" in kinds else {}),
    }


def _tasks(case: Case, names: Names) -> list[dict[str, Any]]:
    from bihuan.web.teamwork.assistance import chip_of

    return [
        {"task": task, "unit": names.unit(task.unit_id), "chip": chip_of(task), "by": names.staff(task.ended_by_id)}
        for task in assistance.of_case(case.id)
    ]


def _money(case: Case, names: Names) -> list[dict[str, Any]]:
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
