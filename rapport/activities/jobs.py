"""What the worker does for activities by the clock."""

from __future__ import annotations

from procrastinate.contrib.django import app

from rapport.activities.actions import learn_call_times, tell_of_due_tasks


@app.periodic(cron="*/5 * * * *")
@app.task(name="activities.tell_of_due_tasks", queue="maintenance")
def tell_of_due_tasks_in_time(timestamp: int) -> None:
    """Tell owners of tasks that have become due."""
    tell_of_due_tasks()


@app.periodic(cron="25 3 * * *")
@app.task(name="activities.learn_call_times", queue="maintenance")
def learn_call_times_at_night(timestamp: int) -> None:
    """Learn anew at which hours people answer."""
    learn_call_times()
