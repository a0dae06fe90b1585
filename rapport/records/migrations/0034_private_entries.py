from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("records", "0033_job_requests")]

    operations = [
        migrations.AddField(
            model_name="timelineentry", name="kept_by", field=models.UUIDField(null=True)
        ),
        migrations.AddField(
            model_name="timelineentry",
            name="private",
            field=models.TextField(db_default="", default=""),
        ),
    ]
