from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0004_marks"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="party",
            name="party_identity",
        ),
        migrations.AddIndex(
            model_name="party",
            index=models.Index(
                condition=models.Q(("identity_index__isnull", False)),
                fields=["identity_index", "-id"],
                name="party_identity_newest",
            ),
        ),
    ]
