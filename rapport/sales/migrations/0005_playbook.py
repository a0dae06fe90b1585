import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

import rapport.kit.ids


class Migration(migrations.Migration):
    dependencies = [("sales", "0004_stage_rules")]

    operations = [
        migrations.CreateModel(
            name="StageStep",
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
                ("text", models.TextField(db_default="", default="")),
                ("sort", models.TextField(db_default="check", default="check")),
                ("link", models.TextField(db_default="", default="")),
                ("is_required", models.BooleanField(db_default=False, default=False)),
                ("position", models.SmallIntegerField(db_default=0, default=0)),
                (
                    "stage",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.DB_CASCADE,
                        related_name="steps",
                        to="sales.stage",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="DealAnswer",
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
                ("step_id", models.UUIDField()),
                ("is_done", models.BooleanField(db_default=False, default=False)),
                ("answer", models.TextField(db_default="", default="")),
                ("by_id", models.UUIDField(null=True)),
                (
                    "at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                (
                    "deal",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.DB_CASCADE,
                        related_name="answers",
                        to="sales.deal",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("deal", "step_id"), name="deal_answer_once")
                ],
            },
        ),
    ]
