"""Settings edits are counted for each table: adding a person no longer makes every process read the whole catalog anew."""

from django.db import migrations, models

from bihuan.kernel.triggers import FUNCTIONS


class Migration(migrations.Migration):
    dependencies = [("kernel", "0002_functions")]
    operations = [
        migrations.DeleteModel("SettingsVersion"),
        migrations.CreateModel(
            "SettingsVersion",
            [
                ("table", models.TextField(primary_key=True, serialize=False)),
                ("number", models.BigIntegerField()),
            ],
        ),
        migrations.RunSQL(FUNCTIONS, migrations.RunSQL.noop),
    ]
