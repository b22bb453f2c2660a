"""Trigger functions every room uses."""

from django.db import migrations

from bihuan.kernel.triggers import FUNCTIONS, append_only

UNDO = "DROP FUNCTION bihuan_append_only() CASCADE; DROP FUNCTION bihuan_keep_history() CASCADE;"


class Migration(migrations.Migration):
    dependencies = [("kernel", "0001_initial")]
    operations = [
        migrations.RunSQL(FUNCTIONS, UNDO),
        migrations.RunSQL(append_only("kernel_settingchange"), migrations.RunSQL.noop),
    ]
