from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0014_quiet"),
    ]

    operations = [
        migrations.AddField(
            model_name="oauthapp",
            name="proposes",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name="oauthapp",
            name="calls_per_hour",
            field=models.PositiveIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="oauthapp",
            name="calls_per_day",
            field=models.PositiveIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="oauthapp",
            name="writes_per_hour",
            field=models.PositiveIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="oauthapp",
            name="writes_per_day",
            field=models.PositiveIntegerField(blank=True, null=True),
        ),
    ]
