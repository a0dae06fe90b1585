from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("contacts", "0008_web_forms")]

    operations = [
        migrations.AddField(
            model_name="person",
            name="time_zone",
            field=models.TextField(blank=True, db_default="", default="", verbose_name="Time zone"),
        ),
    ]
