"""What the worker does for activities by the clock."""

from __future__ import annotations

from contextlib import suppress
from typing import Any
from uuid import UUID

from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued
from procrastinate.tasks import Task

from rapport.accounts.quiet import is_put_off
from rapport.activities.actions import extend_series, learn_call_times, remind
from rapport.activities.actions.tell_bookings import (
    MOST,
    bookings_to_remind,
    bookings_to_tell,
    remind_of_booking,
    tell_of_booking,
)
from rapport.records.notifications.snoozing import tell_again


@app.periodic(cron="* * * * *")
@app.task(name="activities.remind", queue="maintenance")
def remind_in_time(timestamp: int) -> None:
    """Remind owners of tasks and meetings, and tell again of what was put off."""
    remind()
    tell_again()


@app.periodic(cron="* * * * *")
@app.task(name="activities.follow_bookings", queue="maintenance")
def follow_bookings(timestamp: int) -> None:
    """Have those told who booked a meeting that colleagues moved, and remind visitors."""
    for key in bookings_to_tell().values_list("pk", flat=True)[:MOST]:
        _once(tell_booking, key)
    for key in bookings_to_remind():
        _once(remind_visitor, key)


@app.task(name="activities.tell_booking", queue="mail")
def tell_booking(booking_id: str) -> None:
    """Write to the visitor and the hosts how a booked meeting stands."""
    if not is_put_off(tell_booking, booking_id=booking_id):
        tell_of_booking(UUID(booking_id))


@app.task(name="activities.remind_visitor", queue="mail")
def remind_visitor(booking_id: str) -> None:
    """Remind whoever booked a meeting."""
    if not is_put_off(remind_visitor, booking_id=booking_id):
        remind_of_booking(UUID(booking_id))


@app.periodic(cron="25 3 * * *")
@app.task(name="activities.learn_call_times", queue="maintenance")
def learn_call_times_at_night(timestamp: int) -> None:
    """Learn anew at which hours people answer."""
    learn_call_times()


@app.periodic(cron="40 2 * * *")
@app.task(name="activities.extend_series", queue="maintenance")
def extend_series_at_night(timestamp: int) -> None:
    """Keep a year of each meeting that repeats."""
    extend_series()


def _once(task: Task[Any, Any, Any], key: UUID) -> None:
    """Have a letter written, unless it waits already."""
    with suppress(AlreadyEnqueued), transaction.atomic():
        task.configure(queueing_lock=f"{task.name}:{key}").defer(booking_id=str(key))
