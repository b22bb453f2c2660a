"""The use register is only ever added to."""

from django.db import migrations

from bihuan.kernel.triggers import append_only


class Migration(migrations.Migration):
    dependencies = [("customers", "0001_initial"), ("kernel", "0002_functions")]
    operations = [
        migrations.RunSQL(append_only("customers_use"), migrations.RunSQL.noop),
    ]
