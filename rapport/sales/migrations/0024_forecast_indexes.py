from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("sales", "0023_credited")]

    operations = [
        migrations.AddIndex(
            model_name="deal",
            index=models.Index(
                condition=models.Q(("deleted_at", None), ("state", "open")),
                fields=["close_date"],
                name="deal_open_by_close",
            ),
        ),
        migrations.AddIndex(
            model_name="deal",
            index=models.Index(
                condition=models.Q(("deleted_at", None), ("state", "won")),
                fields=["closed_at"],
                name="deal_won_by_end",
            ),
        ),
    ]
