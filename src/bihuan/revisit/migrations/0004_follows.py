"""A rule of closing may be all that is its own; what stands asks for the cause as before."""

from typing import Any

from django.db import migrations, models


def as_before(apps: Any, schema: Any) -> None:
    """The cause was always asked for: rules that stand say so from now on."""
    for rule in apps.get_model("revisit", "Rule").objects.exclude(required__contains=["cause"]):
        rule.required = ["cause", *rule.required]
        rule.save(update_fields=["required"])


class Migration(migrations.Migration):
    dependencies = [
        ("revisit", "0003_triggers"),
    ]

    operations = [
        migrations.AddField(
            model_name="rule",
            name="follows",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.RunPython(as_before, migrations.RunPython.noop),
    ]
