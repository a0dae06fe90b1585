import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

import rapport.kit.ids


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0012_duplicates"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="importrun",
            name="is_left_out",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="importrun",
            name="rows",
            field=models.IntegerField(null=True),
        ),
        migrations.AddField(
            model_name="importrun",
            name="turn",
            field=models.IntegerField(default=0),
        ),
        migrations.CreateModel(
            name="ImportSet",
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
                ("name", models.TextField()),
                ("program", models.TextField(default="")),
                ("policy", models.TextField(default="update")),
                ("brought", models.JSONField(default=list)),
                ("words", models.JSONField(default=dict)),
                ("left", models.JSONField(default=list)),
                ("is_dry_run", models.BooleanField(default=False)),
                ("job", models.UUIDField(null=True)),
                (
                    "state",
                    models.TextField(
                        choices=[
                            ("draft", "Draft"),
                            ("queued", "Queued"),
                            ("running", "Running"),
                            ("done", "Done"),
                            ("failed", "Failed"),
                        ],
                        default="draft",
                    ),
                ),
                ("change_set", models.UUIDField(null=True)),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                ("finished_at", models.DateTimeField(null=True)),
                (
                    "check_of",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="checks",
                        to="records.importset",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="importrun",
            name="set",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="runs",
                to="records.importset",
            ),
        ),
        migrations.AddIndex(
            model_name="importset",
            index=models.Index(fields=["user", "-created_at"], name="import_set_user"),
        ),
    ]
