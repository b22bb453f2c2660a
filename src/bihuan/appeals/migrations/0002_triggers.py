"""Edits of bodies and their terms are kept in the history of settings; a sent letter never changes."""

from django.db import migrations

from bihuan.kernel.triggers import keep_history

SENT = """
CREATE FUNCTION appeals_letter_sent() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a letter that was sent stays as it is' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER appeals_letter_sent BEFORE UPDATE OR DELETE ON appeals_letter
    FOR EACH ROW WHEN (OLD.sent_at IS NOT NULL) EXECUTE FUNCTION appeals_letter_sent();
"""


class Migration(migrations.Migration):
    dependencies = [("appeals", "0001_initial"), ("kernel", "0002_functions")]
    operations = [
        migrations.RunSQL(keep_history("appeals_body"), migrations.RunSQL.noop),
        migrations.RunSQL(keep_history("appeals_term"), migrations.RunSQL.noop),
        migrations.RunSQL(SENT, migrations.RunSQL.noop),
    ]
