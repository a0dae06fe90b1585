from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("records", "0032_record_locks")]

    operations = [
        migrations.AddField(
            model_name="job", name="request", field=models.TextField(default="", db_default="")
        ),
    ]
