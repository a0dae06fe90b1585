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
    ("plan", "Plan"),
    ("rights", "Rights"),
    ("job_done", "Job Done"),
    ("job_failed", "Job Failed"),
]
WHO = [
    ("user", "The person"),
    ("team", "A member of the team"),
    ("role", "A holder of the role"),
]
WHICH = [
    ("all", "All of them"),
    ("user", "Those that belong to the person"),
    ("team", "Those that belong to a member of the team"),
    ("condition", "Those that meet a condition"),
]
STATES = [("passes", "Holds"), ("fails", "Does not hold"), ("broken", "Can't be asked")]


def _user():
    return models.ForeignKey(
        null=True,
        on_delete=django.db.models.deletion.SET_NULL,
        related_name="+",
        to=settings.AUTH_USER_MODEL,
    )


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0029_agents"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField("notification", "kind", models.TextField(choices=KINDS)),
        migrations.AlterField("notificationchoice", "kind", models.TextField(choices=KINDS)),
        migrations.CreateModel(
            name="PermissionTest",
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
                ("who", models.TextField(choices=WHO)),
                ("who_id", models.UUIDField()),
                ("is_must", models.BooleanField()),
                ("action", models.TextField()),
                ("object", models.TextField()),
                ("field", models.TextField(db_default="", default="")),
                ("which", models.TextField(choices=WHICH)),
                ("which_id", models.UUIDField(null=True)),
                ("condition", models.JSONField(null=True)),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                ("created_by", _user()),
                ("state", models.TextField(choices=STATES, default="passes")),
                ("checked_at", models.DateTimeField(null=True)),
                ("people", models.PositiveIntegerField(default=0)),
                ("example_user", _user()),
                ("example_record", models.UUIDField(null=True)),
            ],
            options={"ordering": ["created_at", "id"]},
        ),
    ]
