"""The address of one's calendar: made, made anew, and closed."""

from __future__ import annotations

from django.db import transaction

from rapport.accounts.actions.actor import Actor, record_event
from rapport.accounts.links import digest_of, new_secret
from rapport.accounts.models import SecurityEvent, User
from rapport.activities.models import CalendarFeed


@transaction.atomic
def open_feed(user: User, by: Actor) -> str:
    """Return the secret of the user's address, which can't be shown again; an older one ends."""
    secret = new_secret()
    CalendarFeed.objects.filter(user=user).delete()
    CalendarFeed.objects.create(user=user, digest=digest_of(secret))
    record_event(SecurityEvent.Kind.FEED_OPENED, by, user)
    return secret


@transaction.atomic
def close_feed(user: User, by: Actor) -> None:
    """Let the address lead nowhere from now on."""
    deleted, _rows = CalendarFeed.objects.filter(user=user).delete()
    if deleted:
        record_event(SecurityEvent.Kind.FEED_CLOSED, by, user)
