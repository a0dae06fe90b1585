import django.db.models.deletion
from django.db import migrations, models

import rapport.kit.ids


class Migration(migrations.Migration):
    dependencies = [("contacts", "0001_initial"), ("sales", "0006_buying_committee")]

    operations = [
        migrations.AddField(
            model_name="deal",
            name="won_reason",
            field=models.TextField(
                blank=True, db_default="", default="", verbose_name="Won because"
            ),
        ),
        migrations.AddField(
            model_name="deal",
            name="review_worked",
            field=models.TextField(
                blank=True, db_default="", default="", verbose_name="What worked"
            ),
        ),
        migrations.AddField(
            model_name="deal",
            name="review_failed",
            field=models.TextField(
                blank=True, db_default="", default="", verbose_name="What did not work"
            ),
        ),
        migrations.AddField(
            model_name="deal",
            name="review_learnt",
            field=models.TextField(
                blank=True, db_default="", default="", verbose_name="What we learn from it"
            ),
        ),
        migrations.CreateModel(
            name="DealCompetitor",
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
                ("name", models.TextField(db_default="", default="")),
                ("threat", models.TextField(db_default="", default="")),
                ("strengths", models.TextField(db_default="", default="")),
                ("weaknesses", models.TextField(db_default="", default="")),
                ("has_won", models.BooleanField(db_default=False, default=False)),
                ("position", models.SmallIntegerField(db_default=0, default=0)),
                (
                    "company",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.DB_SET_NULL,
                        related_name="+",
                        to="contacts.company",
                    ),
                ),
                (
                    "deal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.DB_CASCADE,
                        related_name="competitors",
                        to="sales.deal",
                    ),
                ),
            ],
        ),
    ]
