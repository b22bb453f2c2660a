"""Edits of call-back rules and interview sheets are kept in the history of settings."""

from django.db import migrations

from bihuan.kernel.triggers import keep_history


class Migration(migrations.Migration):
    dependencies = [("revisit", "0002_depth"), ("kernel", "0002_functions")]
    operations = [
        migrations.RunSQL(keep_history("revisit_rule"), migrations.RunSQL.noop),
        migrations.RunSQL(keep_history("revisit_sheet"), migrations.RunSQL.noop),
    ]
