from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("records", "0020_notification_choices")]

    operations = [
        migrations.AddField(model_name="job", name="token", field=models.UUIDField(null=True)),
    ]
