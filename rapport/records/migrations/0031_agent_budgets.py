import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("records", "0030_permission_tests")]

    operations = [
        migrations.AddField("reading", "token", models.UUIDField(null=True)),
        migrations.AddField("agentterms", "calls_per_hour", models.PositiveIntegerField(null=True)),
        migrations.AddField("agentterms", "calls_per_day", models.PositiveIntegerField(null=True)),
        migrations.AddField(
            "agentterms", "writes_per_hour", models.PositiveIntegerField(null=True)
        ),
        migrations.AddField("agentterms", "writes_per_day", models.PositiveIntegerField(null=True)),
        migrations.CreateModel(
            name="AgentUse",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "token_id",
                        "hour",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("hour", models.DateTimeField()),
                ("calls", models.PositiveIntegerField(default=0)),
                ("writes", models.PositiveIntegerField(default=0)),
                (
                    "token",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="accounts.apitoken",
                    ),
                ),
            ],
        ),
    ]
