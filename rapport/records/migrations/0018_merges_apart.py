"""That a pair was merged stands in `Merge` alone, where it can be taken back."""

from django.db import migrations, models

FORGET = "DELETE FROM records_duplicatepair WHERE state = 'merged'"


class Migration(migrations.Migration):
    dependencies = [("records", "0017_search")]

    operations = [
        migrations.RunSQL(FORGET, migrations.RunSQL.noop),
        migrations.AlterField(
            model_name="duplicatepair",
            name="state",
            field=models.TextField(
                choices=[("open", "Open"), ("later", "Later"), ("different", "Different")],
                default="open",
            ),
        ),
    ]
