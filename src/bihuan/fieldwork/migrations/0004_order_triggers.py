"""Steps of orders are only ever added; edits of the limits of light are kept in the history of settings."""

from django.db import migrations

from bihuan.kernel.triggers import append_only, keep_history


class Migration(migrations.Migration):
    dependencies = [("fieldwork", "0003_orders"), ("kernel", "0002_functions")]
    operations = [
        migrations.RunSQL(append_only("fieldwork_deed"), migrations.RunSQL.noop),
        migrations.RunSQL(keep_history("fieldwork_limits"), migrations.RunSQL.noop),
    ]
