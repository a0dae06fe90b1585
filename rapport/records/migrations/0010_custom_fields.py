import django.db.models.functions.datetime
from django.db import migrations, models

import rapport.kit.ids


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0009_forgetting"),
    ]

    operations = [
        migrations.CreateModel(
            name="CustomField",
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
                ("name", models.TextField()),
                ("kind", models.TextField()),
                ("label", models.JSONField(default=dict)),
                ("help", models.JSONField(blank=True, default=dict)),
                ("required", models.BooleanField(default=False)),
                ("unique", models.BooleanField(default=False)),
                ("search", models.BooleanField(default=False)),
                ("default", models.JSONField(blank=True, null=True)),
                ("options", models.JSONField(blank=True, default=list)),
                ("to", models.TextField(blank=True, default="")),
                (
                    "personal",
                    models.TextField(
                        choices=[
                            ("none", "Not personal"),
                            ("personal", "Personal"),
                            ("sensitive", "Sensitive"),
                        ],
                        default="none",
                    ),
                ),
                ("readers", models.JSONField(blank=True, default=list)),
                ("editors", models.JSONField(blank=True, default=list)),
                ("position", models.IntegerField(default=0)),
                (
                    "index",
                    models.TextField(
                        choices=[
                            ("waiting", "Being prepared"),
                            ("ready", "Ready"),
                            ("failed", "Not built"),
                        ],
                        default="waiting",
                    ),
                ),
                ("index_problem", models.TextField(blank=True, default="")),
                (
                    "created_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
                ("removed_at", models.DateTimeField(editable=False, null=True)),
            ],
            options={
                "ordering": ("position", "id"),
                "constraints": [
                    models.UniqueConstraint(fields=("object", "name"), name="custom_field_name")
                ],
            },
        ),
    ]
