from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0015_terms_of_apps"),
    ]

    operations = [
        migrations.AddField(
            model_name="workspace",
            name="app_hosts",
            field=models.JSONField(
                blank=True, db_default=models.Value([], models.JSONField()), default=list
            ),
        ),
        migrations.AddField(
            model_name="oauthapp",
            name="document_url",
            field=models.CharField(blank=True, db_default="", default="", max_length=500),
        ),
        migrations.AddField(
            model_name="oauthapp",
            name="read_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddConstraint(
            model_name="oauthapp",
            constraint=models.UniqueConstraint(
                condition=models.Q(("document_url", ""), _negated=True),
                fields=("document_url",),
                name="app_document_once",
            ),
        ),
    ]
