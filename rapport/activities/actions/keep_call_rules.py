"""Keeping in which hours people are called."""

from __future__ import annotations

from collections.abc import Mapping

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from rapport.accounts.actions import NOBODY, Actor
from rapport.accounts.actions.actor import ADMINISTRATORS, record_event
from rapport.accounts.models import SecurityEvent
from rapport.activities.models import CallRules
from rapport.kit.hours import Spans


@transaction.atomic
def keep_call_rules(week: Mapping[int, Spans], *, keeps_holidays: bool, by: Actor = NOBODY) -> None:
    """Keep the hours by ISO weekday, and whether nobody is called on holidays.

    Raises PermissionDenied.
    """
    if by.user is not None and by.user.role.key not in ADMINISTRATORS:
        raise PermissionDenied(_("Only an administrator may do this."))
    kept = {str(day): [list(span) for span in spans] for day, spans in week.items()}
    CallRules.objects.update_or_create(
        pk=1, defaults={"week": kept, "keeps_holidays": keeps_holidays}
    )
    record_event(SecurityEvent.Kind.SETTINGS_CHANGED, by, None, fields=["call_rules"])
