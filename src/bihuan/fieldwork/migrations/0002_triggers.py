"""Edits of crews are kept in the history of settings."""

from django.db import migrations

from bihuan.kernel.triggers import keep_history


class Migration(migrations.Migration):
    dependencies = [("fieldwork", "0001_initial"), ("kernel", "0002_functions")]
    operations = [migrations.RunSQL(keep_history("fieldwork_crew"), migrations.RunSQL.noop)]
