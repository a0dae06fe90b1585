"""What the worker does for activities by the clock."""

from __future__ import annotations

from procrastinate.contrib.django import app

from rapport.activities.actions import tell_of_due_tasks


@app.periodic(cron="*/5 * * * *")
@app.task(name="activities.tell_of_due_tasks", queue="maintenance")
def tell_of_due_tasks_in_time(timestamp: int) -> None:
    """Tell owners of tasks that have become due."""
    tell_of_due_tasks()
