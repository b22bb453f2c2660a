"""The calendar of a crew: a week as a table, on a phone day by day; by slot or by person; printable."""

from datetime import date, datetime, timedelta
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bihuan.cases.models import Case
from bihuan.customers import queries as customers
from bihuan.fieldwork import crews, queries
from bihuan.fieldwork.models import Appointment, Crew
from bihuan.fieldwork.rules import AHEAD, DAYS
from bihuan.identity.viewer import Viewer
from bihuan.kernel import clock
from bihuan.web.desk.names import Names, either
from bihuan.web.fieldwork import shell
from bihuan.web.fieldwork.words import span
from bihuan.web.teamwork.shell import numbers


@login_required
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """One crew's week; without a choice the first crew she works for."""
    who = shell.entered(request, "calendar")
    seen = crews.seen_by(who)
    mine = [crew for crew in seen if who.staff_id in crew.member_ids]
    wanted = request.GET.get("crew", "")
    crew = next((one for one in seen if str(one.pk) == wanted), next(iter([*mine, *seen]), None))
    day = _day(request.GET.get("day", ""))
    monday = day - timedelta(days=day.weekday())
    by = "person" if request.GET.get("by") == "person" else "crew"
    context: dict[str, Any] = {
        "crews": [(one.pk, either(one.name, one.name_en)) for one in seen], "crew": crew, "day": day, "by": by,
        "monday": monday, "sunday": monday + timedelta(days=6),
        "earlier": (monday - timedelta(days=7)).isoformat(), "later": (monday + timedelta(days=7)).isoformat(),
        "yesterday": (day - timedelta(days=1)).isoformat(), "tomorrow": (day + timedelta(days=1)).isoformat(),
    }  # fmt: skip
    if crew is not None:
        context |= week(who, crew, monday, day, by)
    context["may_crews"] = "crews" in {tab.code for tab in shell.open_to(who)}
    return shell.show(request, "fieldwork/calendar.html", "calendar", context)


def _day(told: str) -> date:
    try:
        return date.fromisoformat(told)
    except ValueError:
        return timezone.localtime(clock.now()).date()


def week(who: Viewer, crew: Crew, monday: date, day: date, by: str) -> dict[str, Any]:
    """Columns (days) and rows (slots, or people) with the visits in each cell, and the same for one day alone."""
    days = [monday + timedelta(days=one) for one in range(7)]
    start, end = _midnight(days[0]), _midnight(days[-1] + timedelta(days=1))
    visits = queries.between([crew], start, end)
    cards = {one.pk: card for one, card in zip(visits, cards_of(who, visits), strict=True)}
    slots = queries.with_taken(queries.offered(crew, days))
    free = {(one.starts_at, one.ends_at): one for one in slots}
    if by == "person":
        rows = _by_person(crew, visits, days)
    else:
        spans = {span(one.starts_at, one.ends_at) for one in slots}
        spans |= {span(one.starts_at, one.ends_at) for one in visits}
        rows = [(told, [_at(visits, one, told) for one in days]) for told in sorted(spans)]
    today = timezone.localtime(clock.now()).date()
    places = {(_date(one.starts_at), span(one.starts_at, one.ends_at)): one for one in free.values()}
    return {
        "columns": [(one, list(DAYS.values())[one.weekday()], one == today) for one in days],
        "rows": [
            (name, [([cards[v.pk] for v in cell], places.get((d, name))) for d, cell in zip(days, cells, strict=True)])
            for name, cells in rows
        ],
        "now": clock.now(),
        "today_cards": [cards[one.pk] for one in visits if _on(one, day)],
        "day_word": list(DAYS.values())[day.weekday()],
        "booked": sum(1 for one in visits if one.status in AHEAD),
        "places": sum(one.left for one in free.values() if one.starts_at > clock.now()),
    }


def _by_person(crew: Crew, visits: list[Appointment], days: list[date]) -> list[tuple[str, list[list[Appointment]]]]:
    names = Names()
    found = []
    for person in [*crew.member_ids, None]:
        cells = [[one for one in visits if one.staff_id == person and _on(one, day)] for day in days]
        if person is not None or any(cells):
            found.append((names.staff(person) or _("未指定"), cells))
    return found


def _at(visits: list[Appointment], day: date, told: str) -> list[Appointment]:
    return [one for one in visits if _on(one, day) and span(one.starts_at, one.ends_at) == told]


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, datetime.min.time()))


def today_span() -> tuple[datetime, datetime]:
    """From this midnight to the next, on the operator's clock."""
    today = timezone.localtime(clock.now()).date()
    return _midnight(today), _midnight(today + timedelta(days=1))


def _date(moment: datetime) -> date:
    return timezone.localtime(moment).date()


def _on(visit: Appointment, day: date) -> bool:
    return _date(visit.starts_at) == day


def cards_of(who: Viewer, visits: list[Appointment]) -> list[dict[str, Any]]:
    """What a cell shows of each visit; of cases this reader may not open only that the time is taken."""
    cases, names = Case.objects.in_bulk({one.case_id for one in visits}), Names()
    readable = numbers(who, cases.values())
    masks = customers.masks_of(case.party_id for case in cases.values() if case.id in readable)
    now = clock.now()
    return [
        {
            "visit": one,
            "span": span(one.starts_at, one.ends_at),
            "open": one.case_id in readable,
            "number": cases[one.case_id].number,
            "customer": masks.get(cases[one.case_id].party_id, {}).get("name", ""),
            "place": names.area(cases[one.case_id].area_id or cases[one.case_id].district_id),
            "category": names.node(cases[one.case_id].category_id),
            "staff": names.staff(one.staff_id),
            "late": one.status == "agreed" and one.ends_at < now,
        }
        for one in visits
    ]
