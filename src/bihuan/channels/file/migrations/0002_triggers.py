"""Every edit of a mapping is kept in the history of settings."""

from django.db import migrations

from bihuan.kernel.triggers import keep_history


class Migration(migrations.Migration):
    dependencies = [("file", "0001_initial"), ("kernel", "0002_functions")]
    operations = [migrations.RunSQL(keep_history("file_mapping"), migrations.RunSQL.noop)]
