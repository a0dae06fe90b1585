"""Whom the sample company calls after its fair."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.utils.translation import gettext as _

from rapport.activities.actions import add_to_list
from rapport.records.store import ChangeInProgress


def add_call_list(made: ChangeInProgress, people: Sequence[UUID]) -> None:
    """A list that waits for somebody to begin."""
    purpose = _(
        "Ask what they saw at our stand, and whether a trial of the sensors is of use to them."
    )
    key = made.create("call_list", {"name": _("After AquaTec Munich"), "purpose": purpose})
    add_to_list(made, key, [(one, None) for one in people])
