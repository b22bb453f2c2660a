"""Edits of milestones are kept in the history of settings."""

from django.db import migrations

from bihuan.kernel.triggers import keep_history


class Migration(migrations.Migration):
    dependencies = [("progress", "0001_initial"), ("kernel", "0002_functions")]
    operations = [migrations.RunSQL(keep_history("progress_milestone"), migrations.RunSQL.noop)]
