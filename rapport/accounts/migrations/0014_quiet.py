from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0013_leaving_the_provider"),
    ]

    operations = [
        migrations.AddField(
            model_name="workspace",
            name="quiet_since",
            field=models.DateTimeField(blank=True, null=True),
        ),
    ]
