"""Keeping when people work, and when they are away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from rapport.accounts.actions.actor import ADMINISTRATORS, NOBODY, Actor, Refused, record_event
from rapport.accounts.models import Absence, SecurityEvent, User, WorkingTime
from rapport.kit.hours import Spans


@transaction.atomic
def keep_hours(
    user: User | None, week: Mapping[int, Spans], closed: Sequence[date] = (), by: Actor = NOBODY
) -> None:
    """Keep the week of a user, or with the days on which nobody works that of the firm.

    Raises PermissionDenied.
    """
    _require_administrator(by)
    kept: dict[str, Any] = {str(day): list(map(list, spans)) for day, spans in week.items()}
    days = [] if user else sorted({day.isoformat() for day in closed})
    WorkingTime.objects.update_or_create(user=user, defaults={"week": kept, "closed": days})
    record_event(SecurityEvent.Kind.SETTINGS_CHANGED, by, user, fields=["working_time"])


@transaction.atomic
def forget_hours(user: User, by: Actor = NOBODY) -> None:
    """Have the hours of the firm hold for a user again. Raises PermissionDenied."""
    _require_administrator(by)
    if WorkingTime.objects.filter(user=user).delete()[0]:
        record_event(SecurityEvent.Kind.SETTINGS_CHANGED, by, user, fields=["working_time"])


@transaction.atomic
def add_absence(
    user: User, first: date, last: date, deputy: User | None = None, by: Actor = NOBODY
) -> Absence:
    """Note that a user is away, and who stands in. Raises Refused, PermissionDenied."""
    _require_administrator(by)
    if last < first:
        raise Refused(_("The last day is before the first. Turn them round."))
    if deputy is not None and deputy.pk == user.pk:
        raise Refused(_("Nobody stands in for himself. Choose a colleague, or nobody."))
    made = Absence.objects.create(user=user, first_day=first, last_day=last, deputy=deputy)
    record_event(SecurityEvent.Kind.SETTINGS_CHANGED, by, user, absence=f"{first} – {last}")
    return made


@transaction.atomic
def remove_absence(absence_id: UUID, by: Actor = NOBODY) -> None:
    """Forget an absence. Raises PermissionDenied."""
    _require_administrator(by)
    Absence.objects.filter(pk=absence_id).delete()


def _require_administrator(by: Actor) -> None:
    if by.user is not None and by.user.role.key not in ADMINISTRATORS:
        raise PermissionDenied(_("Only an administrator may do this."))
