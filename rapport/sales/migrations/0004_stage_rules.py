import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("sales", "0003_stays")]

    operations = [
        migrations.AddField(
            model_name="stage",
            name="required_fields",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.TextField(),
                blank=True,
                db_default=[],
                default=list,
                size=None,
                verbose_name="Asks for",
            ),
        ),
        migrations.AddField(
            model_name="stage",
            name="exit_when",
            field=models.JSONField(
                blank=True, db_default={}, default=dict, verbose_name="Is left once"
            ),
        ),
    ]
