"""What is done at a stage."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from rapport.kit.ids import uuid7

SORTS = {"check": _("To do"), "question": _("Question"), "material": _("To send")}


class StageStep(models.Model):
    """Something that the playbook of a stage has people do, find out or send."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    stage = models.ForeignKey("sales.Stage", models.DB_CASCADE, related_name="steps", db_index=True)
    text = models.TextField(default="", db_default="")
    sort = models.TextField(default="check", db_default="check")
    link = models.TextField(default="", db_default="")
    #: It is for deals of whose quotes this product is; for all where there is none.
    product = models.ForeignKey(
        "catalog.Product", models.DB_CASCADE, null=True, related_name="+", db_index=True
    )
    is_required = models.BooleanField(default=False, db_default=False)
    position = models.SmallIntegerField(default=0, db_default=0)
