"""Puts the shipped calendars, days off and limits into the database; what is already there is left as it is."""

from django.db import transaction

from bihuan.sla import models, shipped
from bihuan.sla.policies import from_data


def seed() -> dict[str, int]:
    """Adds every shipped calendar, year of days off and policy that is missing, in one transaction.

    Edited rows are never touched; running it twice adds nothing. Returns how many rows were added.
    """
    with transaction.atomic():
        return {"calendars": _calendars(), "days": _days(), "policies": _policies()}


def _calendars() -> int:
    known = set(models.Calendar.objects.values_list("code", flat=True))
    missing = [row for row in shipped.CALENDARS if row["code"] not in known]
    models.Calendar.objects.bulk_create([models.Calendar(**row) for row in missing])
    return len(missing)


def _days() -> int:
    """Only whole years that are not there at all: a year somebody entered or corrected stays as it is."""
    years = set(models.CalendarDay.objects.filter(region="cn").values_list("day__year", flat=True))
    rows = [
        models.CalendarDay(region="cn", day=day, worked=worked, name=name)
        for day, worked, name in shipped.official_days()
        if day.year not in years
    ]
    models.CalendarDay.objects.bulk_create(rows, batch_size=1000)
    return len(rows)


def _policies() -> int:
    known = set(models.Policy.objects.values_list("code", flat=True))
    calendars = {row.code: row for row in models.Calendar.objects.filter(active=True)}
    missing = [data for data in shipped.POLICIES if data["code"] not in known]
    rows = []
    for data in missing:
        from_data(data)  # a shipped limit that cannot work must not get in
        fields = {name: value for name, value in data.items() if name not in ("on", "calendar", "applies", "cancel_on")}
        applies = data.get("applies") or []
        rows.append(
            models.Policy(
                **fields,
                calendar=calendars[data.get("calendar", "7x24")],
                applies=[applies] if isinstance(applies, dict) else applies,
                cancel_on=data.get("cancel_on", ["withdrawn", "merged"]),
                active=data.get("on", False),
            )
        )
    models.Policy.objects.bulk_create(rows)
    return len(missing)
