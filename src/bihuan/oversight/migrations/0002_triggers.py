"""The record is only added to; edits of the lists of points are kept in the history of settings."""

from django.db import migrations

from bihuan.kernel.triggers import append_only, keep_history


class Migration(migrations.Migration):
    dependencies = [("oversight", "0001_initial"), ("kernel", "0002_functions")]
    operations = [
        migrations.RunSQL(append_only("oversight_entry"), migrations.RunSQL.noop),
        migrations.RunSQL(keep_history("oversight_checklist"), migrations.RunSQL.noop),
    ]
