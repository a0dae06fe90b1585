from django.db import migrations, models

import rapport.kit.ids


class Migration(migrations.Migration):
    dependencies = [("sales", "0002_user_references")]

    operations = [
        migrations.CreateModel(
            name="DealStay",
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
                ("deal_id", models.UUIDField()),
                ("stage_id", models.UUIDField()),
                ("entered_at", models.DateTimeField()),
                ("left_at", models.DateTimeField(null=True)),
                ("moved_by_id", models.UUIDField(null=True)),
                (
                    "amount",
                    models.DecimalField(decimal_places=2, max_digits=18, null=True),
                ),
                ("currency", models.TextField(db_default="", default="")),
            ],
            options={
                "indexes": [
                    models.Index(fields=["stage_id", "entered_at"], name="deal_stay_stage")
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("deal_id", "entered_at"), name="deal_stay_once")
                ],
            },
        ),
    ]
