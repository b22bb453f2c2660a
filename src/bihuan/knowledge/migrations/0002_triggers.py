"""Uses are only ever added."""

from django.db import migrations

from bihuan.kernel.triggers import append_only


class Migration(migrations.Migration):
    dependencies = [("knowledge", "0001_initial"), ("kernel", "0002_functions")]
    operations = [migrations.RunSQL(append_only("knowledge_use"), migrations.RunSQL.noop)]
