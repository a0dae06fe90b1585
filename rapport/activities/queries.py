"""Questions about what was done and is to be done; nothing here writes."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from rapport.activities.parts.last_touch import LastTouch
from rapport.activities.parts.next_step import NextStep
from rapport.activities.parts.pulse import Pulse
from rapport.records import kinds as k


def contact_fields(over: Q | None = None) -> dict[str, k.Kind]:
    """Pulse, last touch and next step; records that are `over` need no next step."""
    return {
        "pulse": Pulse(_("Pulse, 12 weeks"), icon="trend"),
        "last_touch": LastTouch(_("Last touch"), icon="message"),
        "next_step": NextStep(_("Next step"), over, icon="task"),
    }
