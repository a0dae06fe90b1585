from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("contacts", "0005_lead_routing"),
    ]

    operations = [
        migrations.AddField(
            model_name="lead",
            name="returned_at",
            field=models.DateTimeField(
                blank=True, default=None, null=True, verbose_name="Came back"
            ),
        ),
        migrations.AddField(
            model_name="lead",
            name="returns",
            field=models.BigIntegerField(
                blank=True, default=0, null=True, verbose_name="Times it came back"
            ),
        ),
        migrations.AddField(
            model_name="lead",
            name="returns_on",
            field=models.DateField(
                blank=True, default=None, null=True, verbose_name="Comes back on"
            ),
        ),
        migrations.AddField(
            model_name="lead",
            name="set_aside_for",
            field=models.TextField(
                blank=True, db_default="", default="", verbose_name="Set aside because"
            ),
        ),
    ]
