"""Edits of calendars, days off and limits are kept."""

from django.db import migrations

from bihuan.kernel.triggers import keep_history


class Migration(migrations.Migration):
    dependencies = [("sla", "0001_initial"), ("kernel", "0002_functions")]
    operations = [
        migrations.RunSQL(keep_history("sla_calendar"), migrations.RunSQL.noop),
        migrations.RunSQL(keep_history("sla_calendarday"), migrations.RunSQL.noop),
        migrations.RunSQL(keep_history("sla_policy"), migrations.RunSQL.noop),
    ]
