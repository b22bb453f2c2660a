"""The words of cases: pairs of characters, indexed behind registration."""

import django.contrib.postgres.fields
from django.db import migrations, models

from bihuan.text.bigrams import BIGRAM_FUNCTION_SQL, FOLD_FUNCTION_SQL


class Migration(migrations.Migration):
    dependencies = [("knowledge", "0002_triggers"), ("cases", "0004_queue_indexes")]
    operations = [
        migrations.RunSQL(FOLD_FUNCTION_SQL, migrations.RunSQL.noop),
        migrations.RunSQL(BIGRAM_FUNCTION_SQL, migrations.RunSQL.noop),
        migrations.CreateModel(
            name="IndexedUpTo",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("event_id", models.BigIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="CaseWords",
            fields=[
                ("id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("registered_by_id", models.BigIntegerField(null=True)),
                ("province_id", models.BigIntegerField(null=True)),
                ("city_id", models.BigIntegerField(null=True)),
                ("district_id", models.BigIntegerField(null=True)),
                ("area_id", models.BigIntegerField(null=True)),
                ("pairs", django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), size=None)),
            ],
        ),
        # The pairs lie apart from the row: who counts by place reads small rows only.
        migrations.RunSQL(
            "ALTER TABLE knowledge_casewords SET (toast_tuple_target = 128);"
            "ALTER TABLE knowledge_casewords ALTER pairs SET STATISTICS 500;"
            "CREATE INDEX knowledge_casewords_pairs ON knowledge_casewords USING gin (pairs);"
            "CREATE INDEX knowledge_casewords_city ON knowledge_casewords (city_id);"
            "CREATE INDEX knowledge_casewords_district ON knowledge_casewords (district_id);"
            "CREATE INDEX knowledge_casewords_taker ON knowledge_casewords (registered_by_id)",
            migrations.RunSQL.noop,
        ),
    ]
