from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("records", "0010_custom_fields")]

    operations = [
        migrations.AddField(
            model_name="customfield",
            name="visible_when",
            field=models.JSONField(blank=True, default=dict),
        ),
        migrations.AddField(
            model_name="customfield",
            name="required_when",
            field=models.JSONField(blank=True, default=dict),
        ),
        migrations.AddField(
            model_name="customfield",
            name="controlled_by",
            field=models.TextField(blank=True, default=""),
        ),
    ]
