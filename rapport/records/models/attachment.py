"""Files that belong to records."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from rapport.kit.ids import uuid7


class Attachment(models.Model):
    """A file that belongs to a record; its content lies in storage under a key of our making.

    A deleted row is brought back by undo, so the content outlives it for as long as that may be.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    object = models.TextField()
    record_id = models.UUIDField()
    name = models.TextField()
    size = models.BigIntegerField()
    content_type = models.TextField()
    storage_key = models.TextField(unique=True)
    sha256 = models.TextField()
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.DO_NOTHING, null=True, related_name="+", db_index=False
    )

    #: What histories tell of a row; where its content lies is nobody's business.
    told: ClassVar[tuple[str, ...]] = ("name",)

    class Meta:
        verbose_name = _("File")
        indexes = [models.Index(fields=["record_id", "-added_at"], name="attachment_record")]

    @property
    def url(self) -> str:
        """Where it is downloaded."""
        return f"/files/{self.pk}/"
