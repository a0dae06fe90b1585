"""Words that people hang on records."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from rapport.records import kinds as k
from rapport.records.models import Record
from rapport.records.sql import Fold


class Tag(Record):
    """A word to gather records under, whatever their object."""

    name = k.text(_("Name"), required=True, search=True, synonyms=("tag", "label", "etiqueta"))
    hue = k.integer(_("Colour"), low=1, high=8, help=_("One of the eight category colours."))

    class Meta:
        constraints = [
            models.UniqueConstraint(
                Fold(F("name")),
                condition=Q(deleted_at__isnull=True),
                name="tag_name_once",
                violation_error_code="name",
                violation_error_message=_("There is a tag of that name already."),
            )
        ]
