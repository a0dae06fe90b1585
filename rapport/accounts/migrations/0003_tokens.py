from django.db import migrations, models

import rapport.accounts.validators


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_backup_events")]

    operations = [
        migrations.AddField(
            model_name="apitoken",
            name="scopes",
            field=models.JSONField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="apitoken",
            name="networks",
            field=models.JSONField(
                blank=True,
                default=list,
                db_default=models.Value([], models.JSONField()),
                validators=[rapport.accounts.validators.are_networks],
            ),
        ),
        migrations.AddField(
            model_name="apitoken",
            name="last_used_ip",
            field=models.GenericIPAddressField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="user",
            name="is_service",
            field=models.BooleanField(db_default=False, default=False),
        ),
    ]
