"""Events and anchors are only ever added; ids come from a sequence that hands out blocks of 1,000."""

from django.db import migrations

from bihuan.kernel.triggers import append_only


class Migration(migrations.Migration):
    dependencies = [("cases", "0001_initial"), ("kernel", "0002_functions")]
    operations = [
        migrations.RunSQL(append_only("cases_caseevent"), migrations.RunSQL.noop),
        migrations.RunSQL(append_only("cases_anchor"), migrations.RunSQL.noop),
        migrations.RunSQL(
            "CREATE SEQUENCE cases_case_block INCREMENT BY 1000 START WITH 1001 CACHE 1",
            "DROP SEQUENCE cases_case_block",
        ),
        migrations.RunSQL("ALTER SEQUENCE cases_caseevent_id_seq CACHE 1", migrations.RunSQL.noop),
    ]
