"""The moment at which somebody wants to see a record, as he writes it."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from rapport.records.kinds.base import Context, Invalid


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


def _end_of(day: date, context: Context) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(), context.timezone)


def _moment(text: str, context: Context) -> datetime:
    at = datetime.fromisoformat(text[:40])
    at = at if at.tzinfo else at.replace(tzinfo=context.timezone)
    # Moments so far back that a zone takes them out of the calendar are no moments.
    return at.astimezone(context.timezone)
