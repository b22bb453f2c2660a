"""Answers given under an `Idempotency-Key`."""

from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            name="KeptAnswer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("token_id", models.BigIntegerField()),
                ("key", models.TextField()),
                ("digest", models.BinaryField()),
                ("status", models.SmallIntegerField(default=0)),
                ("body", models.BinaryField(default=b"")),
                ("at", models.DateTimeField()),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("token_id", "key"), name="api_kept_once")],
            },
        ),
    ]
