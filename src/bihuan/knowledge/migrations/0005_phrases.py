"""Phrases with a bitmap of their own."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("knowledge", "0004_postings")]
    operations = [
        migrations.CreateModel(
            name="Phrase",
            fields=[
                ("word", models.TextField(db_collation="C", primary_key=True, serialize=False)),
                ("asked_at", models.DateTimeField()),
                ("known", models.BooleanField(default=False)),
            ],
        ),
    ]
