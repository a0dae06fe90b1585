"""The way a kind of deal goes."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from rapport.records import kinds as k
from rapport.records.models import Record


class Pipeline(Record):
    """A kind of sale with its own stages, such as new business or renewals."""

    label = k.label(_("Name"), required=True, synonyms=("name", "pipeline", "nombre"))
    position = k.integer(_("Position"), default=0, index=True, synonyms=("display order",))
    external_id = k.text(_("External ID"), index=True, synonyms=("id", "pipeline id"))
