"""Records that their owner may keep private."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from rapport.records import kinds as k
from rapport.records.models.record import Record


class PrivateRecord(Record):
    """A record that its owner may keep from all but those it is shared with.

    What others see of it nevertheless, by the level he chose, is what its `TimelineKind` names.
    """

    private = k.private()

    class Meta:
        abstract = True
        indexes = [
            models.Index(fields=["owner"], condition=~Q(private=""), name="%(class)s_private")
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(private="") | Q(owner__isnull=False),
                name="%(class)s_private_owned",
                violation_error_code="owner",
                violation_error_message=_("What is private needs an owner."),
            )
        ]
