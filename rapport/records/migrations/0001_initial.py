from pathlib import Path

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.contrib.postgres.operations import TrigramExtension, UnaccentExtension
from django.db import migrations, models

import rapport.kit.ids

SCHEMA = Path(__file__).resolve().parents[1] / "schema"


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        TrigramExtension(),
        UnaccentExtension(),
        migrations.RunSQL((SCHEMA / "functions.sql").read_text(), migrations.RunSQL.noop),
        migrations.RunSQL((SCHEMA / "log.sql").read_text(), "DROP TABLE records_change"),
        migrations.CreateModel(
            name="Change",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "at", "id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("id", models.BigIntegerField()),
                ("at", models.DateTimeField()),
                ("xid", models.TextField()),
                ("change_set", models.UUIDField()),
                ("object", models.TextField()),
                ("table", models.TextField(db_column="table_name")),
                ("row_id", models.TextField()),
                ("record_id", models.UUIDField()),
                ("kind", models.TextField()),
                ("old", models.JSONField(null=True)),
                ("new", models.JSONField(null=True)),
                ("salt", models.BinaryField(null=True)),
                ("digest", models.BinaryField()),
            ],
            options={
                "db_table": "records_change",
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="ContactWeek",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "record_id",
                        "week",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("record_id", models.UUIDField()),
                ("week", models.DateField()),
                ("inbound", models.IntegerField(default=0)),
                ("outbound", models.IntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="Cursor",
            fields=[
                ("name", models.TextField(primary_key=True, serialize=False)),
                ("xid", models.BigIntegerField(default=0)),
                ("change_id", models.BigIntegerField(default=0)),
                ("updated_at", models.DateTimeField(auto_now=True)),
            ],
        ),
        migrations.CreateModel(
            name="Link",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=rapport.kit.ids.uuid7, primary_key=True, serialize=False
                    ),
                ),
                ("from_object", models.TextField()),
                ("from_id", models.UUIDField()),
                ("role", models.TextField()),
                ("to_object", models.TextField()),
                ("to_id", models.UUIDField()),
                (
                    "created_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["to_id", "role"], name="link_to")],
                "constraints": [
                    models.UniqueConstraint(fields=("from_id", "role", "to_id"), name="link_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="TimelineEntry",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=rapport.kit.ids.uuid7, primary_key=True, serialize=False
                    ),
                ),
                ("record_id", models.UUIDField()),
                ("at", models.DateTimeField()),
                ("kind", models.TextField()),
                ("source_id", models.UUIDField()),
                ("direction", models.TextField(db_default="", default="")),
                ("is_open", models.BooleanField(db_default=False, default=False)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["record_id", "at", "id"], name="timeline_read"),
                    models.Index(
                        condition=models.Q(("is_open", True)),
                        fields=["record_id", "at"],
                        name="timeline_next",
                    ),
                    models.Index(
                        condition=models.Q(("direction", ""), _negated=True),
                        fields=["record_id", "at"],
                        name="timeline_touch",
                    ),
                    models.Index(fields=["source_id"], name="timeline_source"),
                ],
            },
        ),
        migrations.CreateModel(
            name="ChangeSet",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=rapport.kit.ids.uuid7, primary_key=True, serialize=False
                    ),
                ),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("principal", models.TextField()),
                ("via", models.TextField()),
                ("title", models.TextField(default="")),
                ("parent", models.UUIDField(db_index=True, null=True)),
                (
                    "undo_of",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="undone_by",
                        to="records.changeset",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["user", "-at"], name="changeset_user"),
                    models.Index(models.F("at"), name="changeset_at"),
                ],
            },
        ),
    ]
