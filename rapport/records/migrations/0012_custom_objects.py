import django.db.models.functions.datetime
from django.db import migrations, models

import rapport.kit.ids


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0011_field_rules"),
    ]

    operations = [
        migrations.CreateModel(
            name="CustomObject",
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
                ("name", models.TextField(unique=True)),
                ("plural", models.TextField(unique=True)),
                ("label", models.JSONField(default=dict)),
                ("label_plural", models.JSONField(default=dict)),
                ("description", models.JSONField(blank=True, default=dict)),
                ("icon", models.TextField(default="box")),
                ("access", models.TextField(default="owned")),
                (
                    "personal",
                    models.TextField(
                        choices=[("none", "Not personal"), ("personal", "Personal")], default="none"
                    ),
                ),
                (
                    "state",
                    models.TextField(
                        choices=[
                            ("waiting", "Being prepared"),
                            ("ready", "Ready"),
                            ("failed", "Not built"),
                        ],
                        default="waiting",
                    ),
                ),
                ("problem", models.TextField(blank=True, default="")),
                (
                    "created_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
                ("removed_at", models.DateTimeField(editable=False, null=True)),
            ],
            options={
                "ordering": ("id",),
            },
        ),
    ]
