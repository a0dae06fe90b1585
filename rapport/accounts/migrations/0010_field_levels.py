import django.db.models.deletion
from django.db import migrations, models

import rapport.kit.ids


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0009_single_sign_on"),
    ]

    operations = [
        migrations.CreateModel(
            name="FieldLevel",
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
                ("object_name", models.CharField(max_length=63)),
                ("field", models.CharField(max_length=63)),
                (
                    "level",
                    models.CharField(
                        choices=[("hidden", "Hidden"), ("read", "Read only")], max_length=10
                    ),
                ),
                (
                    "role",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="field_levels",
                        to="accounts.role",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("role", "object_name", "field"), name="field_level_once_per_role"
                    )
                ],
            },
        ),
    ]
