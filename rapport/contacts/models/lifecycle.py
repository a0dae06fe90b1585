"""How far somebody has come with us."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from rapport.records import kinds as k

STAGES = {
    "subscriber": _("Subscriber"),
    "lead": _("Lead"),
    "opportunity": _("Opportunity"),
    "customer": _("Customer"),
    "former": _("Former"),
    "other": _("Other"),
}
TONES = {
    "subscriber": "hue-6", "lead": "hue-5", "opportunity": "hue-3", "customer": "hue-4",
    "former": "plain", "other": "plain",
}  # fmt: skip


class Lifecycle(models.Model):
    """The lifecycle stage with the moment it was reached, which the database keeps."""

    lifecycle = k.choice(
        _("Lifecycle"),
        STAGES,
        tones=TONES,
        index=True,
        icon="refresh",
        synonyms=(
            "lifecycle stage", "lifecyclestage", "contact stage", "relationship", "ciclo de vida",
            "etapa del ciclo de vida", "customer type",
        ),
    )  # fmt: skip
    lifecycle_at = k.datetime(_("Lifecycle since"), editable=False)

    class Meta:
        abstract = True
