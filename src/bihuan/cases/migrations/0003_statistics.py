"""Tell the planner how many months, weeks and days there are: without it a grouping by time is taken for a grouping by
moment, and is neither hashed small nor run in parallel. The expressions are those of `insight.dimensions`."""

from django.db import migrations

_BY = "(date_trunc('{unit}', registered_at AT TIME ZONE 'Asia/Shanghai'))::date"


class Migration(migrations.Migration):
    dependencies = [("cases", "0002_triggers")]
    operations = [
        migrations.RunSQL(
            f"CREATE STATISTICS case_by_{unit} ON ({_BY.format(unit=unit)}) FROM cases_case",
            f"DROP STATISTICS case_by_{unit}",
        )
        for unit in ("month", "week", "day")
    ]
