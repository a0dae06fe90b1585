"""What the worker does for activities by the clock."""

from __future__ import annotations

from procrastinate.contrib.django import app

from rapport.activities.actions import learn_call_times, remind
from rapport.records.notifications.snoozing import tell_again


@app.periodic(cron="* * * * *")
@app.task(name="activities.remind", queue="maintenance")
def remind_in_time(timestamp: int) -> None:
    """Remind owners of tasks and meetings, and tell again of what was put off."""
    remind()
    tell_again()


@app.periodic(cron="25 3 * * *")
@app.task(name="activities.learn_call_times", queue="maintenance")
def learn_call_times_at_night(timestamp: int) -> None:
    """Learn anew at which hours people answer."""
    learn_call_times()
