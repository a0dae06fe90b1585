from django.conf import settings
from django.db import migrations, models

MODELS = ("call", "meeting", "note", "task")


def private(model: str) -> list[migrations.operations.base.Operation]:
    """The level of a record, an index of those that are private, and that these have an owner."""
    field = models.TextField(blank=True, db_default="", default="", verbose_name="Private")
    index = models.Index(
        condition=models.Q(("private", ""), _negated=True),
        fields=["owner"],
        name=f"{model}_private",
    )
    owned = models.CheckConstraint(
        condition=models.Q(("private", ""), ("owner__isnull", False), _connector="OR"),
        name=f"{model}_private_owned",
        violation_error_code="owner",
        violation_error_message="What is private needs an owner.",
    )
    return [
        migrations.AddField(model_name=model, name="private", field=field),
        migrations.AddIndex(model_name=model, index=index),
        migrations.AddConstraint(model_name=model, constraint=owned),
    ]


class Migration(migrations.Migration):
    dependencies = [
        ("activities", "0003_external_ids"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [one for model in MODELS for one in private(model)]
