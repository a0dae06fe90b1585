import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import rapport.kit.ids


class Migration(migrations.Migration):
    dependencies = [
        ("sales", "0009_quotes"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="DealSplit",
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
                ("share", models.DecimalField(decimal_places=2, max_digits=5)),
                ("position", models.SmallIntegerField(db_default=0, default=0)),
                (
                    "deal",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.DB_CASCADE,
                        related_name="splits",
                        to="sales.deal",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("deal", "user"), name="deal_split_once")
                ],
            },
        ),
    ]
