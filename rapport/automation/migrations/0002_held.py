from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("automation", "0001_initial"),
    ]

    operations = [
        migrations.AlterField(
            model_name="webhook",
            name="off_reason",
            field=models.TextField(
                blank=True,
                choices=[
                    ("by_hand", "Switched off by hand"),
                    ("gone", "The receiver said that it is gone for good"),
                    ("failing", "The receiver did not answer for days"),
                    ("sealed", "Its secrets were sealed with a key that is lost"),
                    ("condition", "Its condition can’t be asked any more"),
                    ("restored", "This is restored from a backup"),
                ],
                default="",
            ),
        ),
    ]
