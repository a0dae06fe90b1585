"""How each user wants to hear of what, and what a notification speaks of."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

KINDS = [("mention", "Mention"), ("job_done", "Job Done"), ("job_failed", "Job Failed")]


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0019_presence"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="notification",
            name="about_object",
            field=models.TextField(db_default="", default=""),
        ),
        migrations.AddField(
            model_name="notification", name="about_id", field=models.UUIDField(null=True)
        ),
        migrations.CreateModel(
            name="NotificationChoice",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "user_id", "kind", blank=True, editable=False, primary_key=True,
                        serialize=False,
                    ),
                ),
                ("kind", models.TextField(choices=KINDS)),
                ("at_bell", models.BooleanField()),
                ("by_mail", models.BooleanField()),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
    ]  # fmt: skip
