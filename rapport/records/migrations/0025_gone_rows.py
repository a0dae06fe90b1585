from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("records", "0024_notice_kinds")]

    operations = [
        migrations.AddField(
            model_name="importrun", name="gone_rows", field=models.IntegerField(default=0)
        ),
    ]
