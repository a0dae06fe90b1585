from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("records", "0015_formulas")]

    operations = [
        # A digest is made from the values and kept only when they go.
        migrations.RunSQL(
            "ALTER TABLE records_change ALTER digest DROP NOT NULL", migrations.RunSQL.noop
        ),
    ]
