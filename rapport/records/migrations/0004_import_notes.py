from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("records", "0003_notices")]

    operations = [
        migrations.AddField("importrun", "notes", models.JSONField(default=dict)),
    ]
