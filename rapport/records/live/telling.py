"""Telling all web processes, once the transaction commits, of what does not stand in the log."""

from __future__ import annotations

from uuid import UUID

from django.db import connection

CHANNEL = "rapport_live"
PRESENCE, NOTIFICATION = "presence", "notification"


def tell_of_presence(name: str, record_id: UUID) -> None:
    """Somebody has begun to edit a record, or has stopped."""
    _tell(f"{PRESENCE} {name} {record_id}")


def tell_of_notification(user_id: UUID) -> None:
    """A user was told something, or has read it."""
    _tell(f"{NOTIFICATION} {user_id}")


def _tell(words: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, words])
