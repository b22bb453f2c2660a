"""Edits of how units share their work out, and of skills, are kept."""

from django.db import migrations

from bihuan.kernel.triggers import keep_history


class Migration(migrations.Migration):
    dependencies = [("dispatch", "0003_sharing"), ("kernel", "0002_functions")]
    operations = [
        migrations.RunSQL(keep_history("dispatch_unitwork"), migrations.RunSQL.noop),
        migrations.RunSQL(keep_history("dispatch_skill"), migrations.RunSQL.noop),
    ]
