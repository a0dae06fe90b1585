from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("contacts", "0003_addresses"),
    ]

    operations = [
        migrations.AddField(
            model_name="company",
            name="annual_revenue_base",
            field=models.DecimalField(
                blank=True,
                decimal_places=2,
                default=None,
                max_digits=18,
                null=True,
                verbose_name="Annual revenue in our currency",
            ),
        ),
    ]
