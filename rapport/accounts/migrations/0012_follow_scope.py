from django.db import migrations, models

SCOPES = [
    ("none", "None"),
    ("own", "Own"),
    ("team", "Team"),
    ("below", "Below"),
    ("all", "All"),
    ("rule", "Rule"),
    ("follow", "Follows"),
]
ACTIONS = ("bulk", "create", "delete", "edit", "export", "import", "merge", "view")


class Migration(migrations.Migration):
    dependencies = [("accounts", "0011_apps")]

    operations = [
        migrations.AlterField(
            model_name="grant",
            name=f"{action}_scope",
            field=models.CharField(choices=SCOPES, default="none", max_length=10),
        )
        for action in ACTIONS
    ]
