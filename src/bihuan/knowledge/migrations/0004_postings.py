"""Words of cases as bitmaps a block of cases instead of a row a case; everything is indexed anew by the jobs process."""

from django.db import migrations, models

RESTATED = """
CREATE FUNCTION knowledge_restate() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO knowledge_restated (case_id) VALUES (NEW.id);
    RETURN NULL;
END $$;
CREATE TRIGGER knowledge_restated
    AFTER UPDATE OF content, registered_by_id, province_id, city_id, district_id, area_id ON cases_case FOR EACH ROW
    WHEN ((OLD.content, OLD.registered_by_id, OLD.province_id, OLD.city_id, OLD.district_id, OLD.area_id)
        IS DISTINCT FROM (NEW.content, NEW.registered_by_id, NEW.province_id, NEW.city_id, NEW.district_id, NEW.area_id))
    EXECUTE FUNCTION knowledge_restate();
"""


class Migration(migrations.Migration):
    dependencies = [("knowledge", "0003_search"), ("cases", "0006_helping")]
    operations = [
        migrations.DeleteModel("CaseWords"),
        migrations.CreateModel(
            name="Posting",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "term", "block", "part", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("term", models.TextField(db_collation="C")),
                ("block", models.BigIntegerField()),
                ("part", models.SmallIntegerField()),
                ("bits", models.BinaryField()),
            ],
        ),
        migrations.CreateModel(
            name="Restated",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("case_id", models.BigIntegerField()),
            ],
        ),
        migrations.AddField("indexedupto", "young", models.IntegerField(default=0, db_default=0)),
        # Bits do not get smaller by compressing, and what is rewritten often has to be tidied often.
        migrations.RunSQL(
            "ALTER TABLE knowledge_posting ALTER bits SET STORAGE EXTERNAL;"
            "ALTER TABLE knowledge_posting SET (autovacuum_vacuum_scale_factor = 0.05,"
            " toast.autovacuum_vacuum_scale_factor = 0.05);"
            "UPDATE knowledge_indexedupto SET event_id = 0",
            migrations.RunSQL.noop,
        ),
        migrations.RunSQL(
            RESTATED,
            "DROP TRIGGER knowledge_restated ON cases_case; DROP FUNCTION knowledge_restate()",
        ),
    ]
