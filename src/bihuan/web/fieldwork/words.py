"""Times, crews and terms of work outside as pages say them."""

from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy

from bihuan.fieldwork.models import Appointment, Crew
from bihuan.fieldwork.rules import DAYS
from bihuan.kernel.cached import PerSettings
from bihuan.web import chips
from bihuan.web.desk.names import either


def day_name(moment: datetime) -> str:
    """`11-23 周一`."""
    local = timezone.localtime(moment)
    return f"{local:%m-%d} {list(DAYS.values())[local.weekday()]}"


def span(starts: datetime, ends: datetime) -> str:
    """`08:30–10:30` on the operator's clock."""
    return f"{timezone.localtime(starts):%H:%M}–{timezone.localtime(ends):%H:%M}"


def told_day(moment: datetime) -> str:
    """The date with its weekday, as headings say it."""
    local = timezone.localtime(moment)
    return f"{date_format(local, 'DATE_FORMAT')} {list(DAYS.values())[local.weekday()]}"


def _crews() -> dict[int, tuple[str, str]]:
    return {ident: (name, name_en) for ident, name, name_en in Crew.objects.values_list("id", "name", "name_en")}


_names = PerSettings(_crews, "fieldwork_crew")
"""Names of all crews, those no longer in use too."""


def crew_name(ident: int | None) -> str:
    """A crew's name, also of one no longer in use."""
    return either(*_names().get(ident or 0, ("", "")))


def chip_of(visit: Appointment) -> chips.TimeChip | None:
    """Its term: running, kept or not; none for one that was cancelled or that the customer missed."""
    name = gettext_lazy("上门预约")
    if visit.status == "agreed":
        return chips.time_chip(visit.ends_at, name=name, warn_at=visit.starts_at)
    if visit.status in {"cancelled", "customer_absent"}:
        return None
    met = bool(visit.arrived_at and visit.arrived_at <= visit.ends_at)
    return chips.time_chip(visit.ends_at, name=name, met=met)
