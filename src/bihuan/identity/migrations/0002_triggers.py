"""The audit log is only ever added to; edits of units, staff, tokens and rosters are kept."""

from django.db import migrations

from bihuan.kernel.triggers import append_only, keep_history


class Migration(migrations.Migration):
    dependencies = [("identity", "0001_initial"), ("kernel", "0002_functions")]
    operations = [
        migrations.RunSQL(append_only("identity_auditentry"), migrations.RunSQL.noop),
        migrations.RunSQL(keep_history("identity_unit"), migrations.RunSQL.noop),
        migrations.RunSQL(keep_history("identity_staff"), migrations.RunSQL.noop),
        migrations.RunSQL(keep_history("identity_token"), migrations.RunSQL.noop),
        migrations.RunSQL(keep_history("identity_shift"), migrations.RunSQL.noop),
        migrations.RunSQL(keep_history("identity_absence"), migrations.RunSQL.noop),
    ]
