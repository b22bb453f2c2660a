"""Numbers are found by the four last digits that their masks show."""

from django.db import migrations

_END = r"substring(masks->>'{field}' FROM '\d{{4}}$')"
_INDEX = "CREATE INDEX party_end_{field} ON customers_party ({end}, id DESC) WHERE {end} IS NOT NULL{rest}"
# mostly the same number as the phone
_OTHER = " AND masks->>'complained_number' IS DISTINCT FROM masks->>'phone'"


def _made(field: str, rest: str = "") -> migrations.RunSQL:
    return migrations.RunSQL(
        _INDEX.format(field=field, end=_END.format(field=field), rest=rest), f"DROP INDEX party_end_{field}"
    )


class Migration(migrations.Migration):
    dependencies = [("customers", "0005_newest_of_an_identity")]

    operations = [_made("phone"), _made("other_contact"), _made("complained_number", _OTHER)]
