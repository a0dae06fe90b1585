import django.db.models.deletion
from django.db import migrations, models

import rapport.kit.ids


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0018_working_time"),
        ("contacts", "0004_base_revenue"),
    ]

    operations = [
        migrations.AddField(
            model_name="lead",
            name="answer_by",
            field=models.DateTimeField(
                blank=True, default=None, null=True, verbose_name="Answer by"
            ),
        ),
        migrations.AddField(
            model_name="lead",
            name="answer_kept",
            field=models.TextField(blank=True, db_default="", default="", verbose_name="Answered"),
        ),
        migrations.AddField(
            model_name="lead",
            name="routing",
            field=models.JSONField(blank=True, null=True, verbose_name="Routing"),
        ),
        migrations.CreateModel(
            name="LeadRule",
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
                ("position", models.PositiveIntegerField(default=0)),
                ("name", models.CharField(max_length=100)),
                ("is_on", models.BooleanField(default=True)),
                ("condition", models.JSONField(blank=True, default=dict)),
                (
                    "way",
                    models.CharField(
                        choices=[
                            ("turn", "Each in turn"),
                            ("least", "Whoever has the fewest open leads"),
                            ("table", "By a table: what a field says decides"),
                            ("stays", "Nobody else: it stays with whoever added it"),
                        ],
                        default="turn",
                        max_length=8,
                    ),
                ),
                ("users", models.JSONField(blank=True, default=list)),
                ("field", models.CharField(blank=True, default="", max_length=100)),
                ("table", models.JSONField(blank=True, default=dict)),
                ("most", models.PositiveIntegerField(blank=True, null=True)),
                ("prefers_present", models.BooleanField(default=True)),
                ("last_user_id", models.UUIDField(null=True)),
                (
                    "role",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="accounts.role",
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="accounts.team",
                    ),
                ),
            ],
            options={
                "ordering": ["position", "id"],
            },
        ),
        migrations.CreateModel(
            name="LeadSettings",
            fields=[
                (
                    "id",
                    models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False),
                ),
                ("targets", models.JSONField(blank=True, default=list)),
                ("minutes", models.PositiveIntegerField(blank=True, null=True)),
                ("warn_minutes", models.PositiveIntegerField(default=15)),
                ("tells_manager", models.BooleanField(default=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("id", 1)), name="lead_settings_are_the_only_ones"
                    )
                ],
            },
        ),
    ]
