"""Edits of the procedure are kept, with who made them."""

from django.db import migrations

from bihuan.kernel.triggers import keep_history


class Migration(migrations.Migration):
    dependencies = [("escalation", "0001_initial"), ("kernel", "0003_versions")]
    operations = [
        migrations.RunSQL(keep_history("escalation_procedure"), migrations.RunSQL.noop),
        migrations.RunSQL(keep_history("escalation_level"), migrations.RunSQL.noop),
    ]
