import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

import rapport.kit.ids

KINDS = [
    ("mention", "Mention"),
    ("assigned", "Assigned"),
    ("shared", "Shared"),
    ("due", "Due"),
    ("job_done", "Job Done"),
    ("job_failed", "Job Failed"),
]


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0026_answered_requests"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField("notification", "kind", models.TextField(choices=KINDS)),
        migrations.AlterField("notificationchoice", "kind", models.TextField(choices=KINDS)),
        migrations.CreateModel(
            name="Share",
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
                ("record_id", models.UUIDField()),
                (
                    "holder_kind",
                    models.TextField(
                        choices=[("user", "Person"), ("team", "Team"), ("role", "Role")]
                    ),
                ),
                ("holder_id", models.UUIDField()),
                ("holder_name", models.TextField()),
                (
                    "level",
                    models.TextField(choices=[("view", "May see it"), ("edit", "May edit it")]),
                ),
                ("until", models.DateField(null=True)),
                (
                    "shared_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                (
                    "shared_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "Shared with",
                "verbose_name_plural": "Shared with",
                "indexes": [
                    models.Index(
                        fields=["holder_id", "object"],
                        include=("level", "until", "record_id"),
                        name="share_holder",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("record_id", "holder_id"), name="share_once")
                ],
            },
        ),
    ]
