import django.db.models.functions.datetime
from django.db import migrations, models

import rapport.kit.ids


class Migration(migrations.Migration):
    dependencies = [("records", "0031_agent_budgets")]

    operations = [
        migrations.CreateModel(
            name="RecordLock",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=rapport.kit.ids.uuid7,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("object", models.TextField()),
                ("name", models.JSONField(default=dict)),
                ("advice", models.JSONField(default=dict)),
                ("condition", models.JSONField()),
                ("fields", models.JSONField(default=list)),
                ("editors", models.JSONField(default=list)),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
            ],
            options={"ordering": ["created_at", "id"]},
        ),
    ]
