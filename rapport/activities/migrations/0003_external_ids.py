from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("activities", "0002_user_references"),
    ]

    operations = [
        migrations.AddField(
            model_name="call",
            name="external_id",
            field=models.TextField(
                blank=True, db_default="", default="", verbose_name="External ID"
            ),
        ),
        migrations.AddField(
            model_name="meeting",
            name="external_id",
            field=models.TextField(
                blank=True, db_default="", default="", verbose_name="External ID"
            ),
        ),
        migrations.AddField(
            model_name="note",
            name="external_id",
            field=models.TextField(
                blank=True, db_default="", default="", verbose_name="External ID"
            ),
        ),
        migrations.AddField(
            model_name="task",
            name="external_id",
            field=models.TextField(
                blank=True, db_default="", default="", verbose_name="External ID"
            ),
        ),
    ]
