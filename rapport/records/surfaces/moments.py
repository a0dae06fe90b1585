"""Moments and keys as addresses name them."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from rapport.records.kinds.base import Context, Invalid

#: Days that every time zone can tell the moments of.
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(9999, 1, 1)


def read_moment(text: str, context: Context) -> datetime:
    """The end of a day as the reader counts days, or a moment to the second.

    Today, and a moment of today that is still to come, mean now. Raises Invalid.
    """
    try:
        at = (
            _end_of(date.fromisoformat(text), context)
            if len(text) == 10
            else _moment(text, context)
        )
    except (ValueError, OverflowError):
        raise Invalid(_("Write the day as 2026-11-01, or a moment as 2026-11-01T14:30.")) from None
    now = timezone.now()
    if at > _end_of(now.astimezone(context.timezone).date(), context):
        raise Invalid(_("This day is still to come."))
    return min(at, now)


def read_day(text: str, context: Context, *, is_end: bool = False) -> datetime | None:
    """Where a day of the reader's begins, or ends; None for what is no day."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    if not FIRST_DAY < day < LAST_DAY:
        return None
    return _end_of(day, context) if is_end else _end_of(day - timedelta(days=1), context)


def read_key(text: str) -> UUID | None:
    """A key, or None for what is none."""
    try:
        return UUID(text)
    except ValueError:
        return None


def _end_of(day: date, context: Context) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(), context.timezone)


def _moment(text: str, context: Context) -> datetime:
    at = datetime.fromisoformat(text[:40])
    at = at if at.tzinfo else at.replace(tzinfo=context.timezone)
    # Moments so far back that a zone takes them out of the calendar are no moments.
    return at.astimezone(context.timezone)
