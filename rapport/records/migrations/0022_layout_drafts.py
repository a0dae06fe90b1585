import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0021_job_tokens"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="LayoutDraft",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "user_id", "object", "team", blank=True, editable=False,
                        primary_key=True, serialize=False,
                    ),
                ),
                ("object", models.TextField()),
                ("team", models.TextField(blank=True)),
                ("desk", models.JSONField()),
                ("version", models.IntegerField()),
                ("at", models.DateTimeField()),
                (
                    "user",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.CASCADE,
                        related_name="+", to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
    ]  # fmt: skip
