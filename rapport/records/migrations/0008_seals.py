import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("records", "0007_views")]

    operations = [
        migrations.CreateModel(
            name="Seal",
            fields=[
                ("number", models.BigIntegerField(primary_key=True, serialize=False)),
                ("after", models.BigIntegerField()),
                ("last", models.BigIntegerField()),
                ("rows", models.BigIntegerField()),
                ("root", models.BinaryField()),
                ("digest", models.BinaryField()),
                ("signature", models.BinaryField()),
                (
                    "at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
            ],
        ),
    ]
