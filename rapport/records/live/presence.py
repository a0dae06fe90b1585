"""Who is editing a record just now; nobody is kept from it by that."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from rapport.accounts.models import User
from rapport.accounts.principals import Principal
from rapport.records.live.telling import tell_of_presence
from rapport.records.models import Presence

#: How long somebody counts as editing after his last key.
LASTS = timedelta(seconds=45)


@transaction.atomic
def begin_editing(principal: Principal, name: str, record_id: UUID) -> None:
    """Say that this user is editing a record; others are told if that is news."""
    user_id = principal.user_id
    if user_id is None:
        return
    now = timezone.now()
    Presence.objects.filter(until__lt=now).delete()
    _found, is_news = Presence.objects.update_or_create(
        record_id=record_id, user_id=user_id, defaults={"until": now + LASTS}
    )
    if is_news:
        tell_of_presence(name, record_id)


@transaction.atomic
def end_editing(principal: Principal, name: str, record_id: UUID) -> None:
    """Say that this user edits a record no more."""
    gone, _models = Presence.objects.filter(record_id=record_id, user=principal.user_id).delete()
    if gone:
        tell_of_presence(name, record_id)


def editors(principal: Principal, record_id: UUID) -> Sequence[User]:
    """The colleagues who are editing a record, by name; the asker is not among them."""
    present = Presence.objects.filter(record_id=record_id, until__gt=timezone.now())
    keys = present.exclude(user=principal.user_id).values("user_id")
    return list(User.objects.filter(pk__in=keys, is_active=True).order_by("name", "id"))
