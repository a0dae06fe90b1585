import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import rapport.kit.ids


class Migration(migrations.Migration):
    dependencies = [("accounts", "0017_changed_at")]

    operations = [
        migrations.CreateModel(
            name="WorkingTime",
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
                ("week", models.JSONField(default=dict)),
                ("closed", models.JSONField(default=list)),
                (
                    "user",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="working_time",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        models.Value(1),
                        condition=models.Q(("user__isnull", True)),
                        name="working_time_of_the_firm_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Absence",
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
                ("first_day", models.DateField(verbose_name="From")),
                ("last_day", models.DateField(verbose_name="Until")),
                (
                    "deputy",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="absences",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="Who",
                    ),
                ),
            ],
            options={
                "ordering": ["first_day", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("first_day__lte", models.F("last_day"))),
                        name="absence_ends_after_it_begins",
                    )
                ],
            },
        ),
    ]
