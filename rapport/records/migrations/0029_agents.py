import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

import rapport.kit.ids
import rapport.records.models.agent

KINDS = [
    ("mention", "Mention"),
    ("assigned", "Assigned"),
    ("shared", "Shared"),
    ("due", "Due"),
    ("plan", "Plan"),
    ("job_done", "Job Done"),
    ("job_failed", "Job Failed"),
]


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0010_field_levels"),
        ("records", "0028_change_tokens"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField("notification", "kind", models.TextField(choices=KINDS)),
        migrations.AlterField("notificationchoice", "kind", models.TextField(choices=KINDS)),
        migrations.CreateModel(
            name="AgentTerms",
            fields=[
                (
                    "token",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="agent_terms",
                        serialize=False,
                        to="accounts.apitoken",
                    ),
                ),
                ("proposes", models.BooleanField(default=False)),
            ],
        ),
        migrations.CreateModel(
            name="AgentPlan",
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
                ("title", models.TextField()),
                (
                    "state",
                    models.TextField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("applied", "Applied"),
                            ("rejected", "Rejected"),
                            ("expired", "Expired"),
                        ],
                        default="waiting",
                    ),
                ),
                ("steps", models.JSONField(default=list)),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                (
                    "expires_at",
                    models.DateTimeField(default=rapport.records.models.agent.end_of_wait),
                ),
                ("decided_at", models.DateTimeField(null=True)),
                ("comment", models.TextField(default="")),
                ("applied", models.JSONField(default=list)),
                ("change_set", models.UUIDField(null=True)),
                (
                    "token",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="accounts.apitoken",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["user", "-id"], name="agentplan_user"),
                    models.Index(fields=["token", "-id"], name="agentplan_token"),
                ]
            },
        ),
    ]
