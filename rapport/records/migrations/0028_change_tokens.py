from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("records", "0027_shares")]

    operations = [
        migrations.AddField("changeset", "token", models.UUIDField(null=True)),
        migrations.AddIndex(
            "changeset",
            models.Index(
                fields=["token", "-at"],
                condition=models.Q(token__isnull=False),
                name="changeset_token",
            ),
        ),
    ]
