from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("records", "0004_import_notes")]

    operations = [
        migrations.AddField("importrun", "partial", models.IntegerField(default=0)),
        migrations.AddField("importrun", "encoding", models.TextField(default="")),
        migrations.AddField("importrun", "delimiter", models.TextField(default="")),
        migrations.AddField("importrun", "header", models.IntegerField(null=True)),
        migrations.AddField("importproblem", "record_id", models.UUIDField(null=True)),
        migrations.AlterField(
            "importproblem",
            "kind",
            models.TextField(
                choices=[("failed", "Failed"), ("review", "Review"), ("partial", "Partial")]
            ),
        ),
    ]
