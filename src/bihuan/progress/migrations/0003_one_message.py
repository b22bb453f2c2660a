"""Visits are told by the step that agrees them: a milestone of the same kind is no longer in use."""

from typing import Any

from django.db import migrations

TOLD = (
    "appointment_booked",
    "appointment_moved",
    "appointment_cancelled",
    "appointment_reminded",
    "declined",
    "converted",
)


def rest(apps: Any, schema: Any) -> None:
    """Switch them off; their words stay."""
    apps.get_model("progress", "Milestone").objects.filter(kind__in=TOLD).update(active=False)


class Migration(migrations.Migration):
    dependencies = [("progress", "0002_triggers")]

    operations = [migrations.RunPython(rest, migrations.RunPython.noop)]
