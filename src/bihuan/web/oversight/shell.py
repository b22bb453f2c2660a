"""What every page of oversight does alike: tabs, pages along a key, the record in words."""

from collections.abc import Callable, Sequence
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from bihuan.identity import roles
from bihuan.identity.viewer import Viewer
from bihuan.oversight import queries
from bihuan.oversight.models import Demand, Entry
from bihuan.oversight.words import SEVERITIES, STATES, STEPS
from bihuan.web import chips
from bihuan.web.desk.names import Names
from bihuan.web.tabbed import Tab, Tabbed
from bihuan.web.teamwork.shell import taken, workbook

__all__ = ["MOST_ROWS", "entered", "first", "paged", "rows_of_demands", "show", "story", "taken", "tell", "workbook"]

MOST_ROWS = 10_000
PAGE = 50
TABS: tuple[Tab, ...] = (
    Tab("demands", gettext_lazy("整改要求"), queries.READERS, queries.mine),
    Tab("patrols", gettext_lazy("巡查"), queries.READERS, lambda who: 0),
    Tab("evaluations", gettext_lazy("第三方评估"), queries.READERS, lambda who: 0),
    Tab("figures", gettext_lazy("检查统计"), queries.READERS, lambda who: 0),
    Tab("leaks", gettext_lazy("泄密处罚"), (roles.LEAK,), queries.undecided),
)
_PAGES = Tabbed("oversight", TABS)
first, entered, tell, show = _PAGES.first(), _PAGES.entered, _PAGES.tell, _PAGES.show


def paged(request: HttpRequest, read: Callable[[int, str], tuple[list[Any], str]]) -> dict[str, Any]:
    """`rows`, `first_url`, `next_url` of the page behind `?after=`."""
    after = request.GET.get("after", "")
    rows, following = read(PAGE, after)
    query = request.GET.copy()
    query.pop("after", None)
    start = f"?{query.urlencode()}"
    query["after"] = following
    return {
        "rows": rows,
        "first_url": start if after else "",
        "next_url": f"?{query.urlencode()}" if following else "",
    }


def chip_of(one: Demand) -> chips.TimeChip:
    """Its term as a chip: of one that was reported, whether that was in time."""
    met = None if one.reported_at is None or one.state == "open" else one.reported_at <= one.due_at
    return chips.time_chip(one.due_at, name=gettext_lazy("整改期限"), met=met)


def rows_of_demands(found: Sequence[Demand]) -> list[dict[str, Any]]:
    """Lines of a list of demands, with where each comes from."""
    names = Names()
    return [
        {
            "one": one,
            "chip": chip_of(one),
            "unit": names.unit(one.unit_id),
            "by": names.staff(one.asked_by_id),
            "severity": SEVERITIES[one.severity],
            "state": STATES[one.state],
            "source": one.patrol.place if one.patrol else one.evaluation.title if one.evaluation else "",
        }
        for one in found
    ]


def story(about: str, ident: int) -> list[dict[str, Any]]:
    """The record in words, oldest first."""
    names = Names()
    return [_told(one, names) for one in queries.record_of(about, ident)]


def _told(one: Entry, names: Names) -> dict[str, Any]:
    who = " · ".join(part for part in (names.staff(one.by_id), names.unit(one.unit_id)) if part)
    due = one.payload.get("due", "")
    return {"at": one.at, "who": who, "title": STEPS.get(one.kind, one.kind), "text": one.text, "due": due}


def may_export(who: Viewer) -> bool:
    """Whether lists leave as Excel."""
    return who.can(roles.EXPORT)
