"""A file may have been deleted by law: its row and digest stay."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("handling", "0006_recordings"),
    ]

    operations = [
        migrations.AlterField(
            model_name="evidence",
            name="scan",
            field=models.TextField(
                choices=[
                    ("unscanned", "未查毒"),
                    ("clean", "已查毒"),
                    ("infected", "带病毒，已隔离"),
                    ("removed", "已依法删除"),
                ],
                db_default="unscanned",
                default="unscanned",
            ),
        ),
    ]
