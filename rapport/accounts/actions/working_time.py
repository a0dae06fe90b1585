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
    user: User | None,
    week: Mapping[int, Spans],
    closed: Sequence[date] = (),
    by: Actor = NOBODY,
    *,
    keeps_holidays: bool = True,
) -> None:
    """Keep the week of a user, or with the days on which nobody works, and whether public
    holidays are such days, that of the firm.

    Raises PermissionDenied.
    """
    _require_administrator(by)
    kept: dict[str, Any] = {str(day): list(map(list, spans)) for day, spans in week.items()}
    days = [] if user else sorted({day.isoformat() for day in closed})
    facts = {"week": kept, "closed": days, "keeps_holidays": keeps_holidays}
    WorkingTime.objects.update_or_create(user=user, defaults=facts)
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
    _require_say(by, user)
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
    found = Absence.objects.filter(pk=absence_id).select_related("user").first()
    if found is not None:
        _require_say(by, found.user)
        found.delete()
        record_event(SecurityEvent.Kind.SETTINGS_CHANGED, by, found.user, absence="")


def _require_say(by: Actor, user: User) -> None:
    """Whether it is his own day, or that of somebody who reports to him."""
    if by.user is None or by.user.pk not in (user.pk, user.manager_id):
        _require_administrator(by)


def _require_administrator(by: Actor) -> None:
    if by.user is not None and by.user.role.key not in ADMINISTRATORS:
        raise PermissionDenied(_("Only an administrator may do this."))
