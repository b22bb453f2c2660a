"""Edits of areas, trees, reasons and subscriber counts are kept."""

from django.db import migrations

from bihuan.kernel.triggers import keep_history


class Migration(migrations.Migration):
    dependencies = [("catalog", "0001_initial"), ("kernel", "0002_functions")]
    operations = [
        migrations.RunSQL(keep_history("catalog_area"), migrations.RunSQL.noop),
        migrations.RunSQL(keep_history("catalog_node"), migrations.RunSQL.noop),
        migrations.RunSQL(keep_history("catalog_reason"), migrations.RunSQL.noop),
        migrations.RunSQL(keep_history("catalog_subscribers"), migrations.RunSQL.noop),
        migrations.RunSQL(keep_history("catalog_parameter"), migrations.RunSQL.noop),
    ]
