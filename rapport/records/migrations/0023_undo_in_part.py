import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("records", "0022_layout_drafts")]

    operations = [
        migrations.AddField(
            model_name="changeset",
            name="part_undo_of",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="undone_in", to="records.changeset",
            ),
        ),
    ]  # fmt: skip
