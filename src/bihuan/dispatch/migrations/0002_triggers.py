"""Edits of routing rules are kept."""

from django.db import migrations

from bihuan.kernel.triggers import keep_history


class Migration(migrations.Migration):
    dependencies = [("dispatch", "0001_initial"), ("kernel", "0002_functions")]
    operations = [
        migrations.RunSQL(keep_history("dispatch_ruleset"), migrations.RunSQL.noop),
        migrations.RunSQL(keep_history("dispatch_rule"), migrations.RunSQL.noop),
    ]
