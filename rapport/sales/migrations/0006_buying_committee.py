import django.db.models.deletion
from django.db import migrations, models

import rapport.kit.ids


class Migration(migrations.Migration):
    dependencies = [("contacts", "0001_initial"), ("sales", "0005_playbook")]

    operations = [
        migrations.AddField(
            model_name="dealperson",
            name="influence",
            field=models.TextField(db_default="", default=""),
        ),
        migrations.AddField(
            model_name="dealperson",
            name="stance",
            field=models.TextField(db_default="", default=""),
        ),
        migrations.CreateModel(
            name="DealTie",
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
                ("position", models.SmallIntegerField(db_default=0, default=0)),
                (
                    "deal",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.DB_CASCADE,
                        related_name="ties",
                        to="sales.deal",
                    ),
                ),
                (
                    "knows",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.DB_CASCADE,
                        related_name="+",
                        to="contacts.person",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.DB_CASCADE,
                        related_name="+",
                        to="contacts.person",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("deal", "person", "knows"), name="deal_tie_once"
                    )
                ],
            },
        ),
    ]
