from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("records", "0034_private_entries")]

    operations = [
        migrations.CreateModel(
            name="Tally",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("object", models.TextField()),
                ("lane", models.TextField()),
                ("owner_id", models.UUIDField(null=True)),
                ("count", models.BigIntegerField()),
                ("total", models.DecimalField(decimal_places=10, max_digits=40)),
                ("weighted", models.DecimalField(decimal_places=10, max_digits=40)),
            ],
        ),
    ]
