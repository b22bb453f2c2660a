"""Edits of the template and of interface persons are kept in the history of settings."""

from django.db import migrations

from bihuan.kernel.triggers import keep_history


class Migration(migrations.Migration):
    dependencies = [("majors", "0001_initial"), ("kernel", "0002_functions")]
    operations = [
        migrations.RunSQL(keep_history("majors_template"), migrations.RunSQL.noop),
        migrations.RunSQL(keep_history("majors_interface"), migrations.RunSQL.noop),
    ]
