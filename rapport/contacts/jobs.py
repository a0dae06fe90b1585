"""What the worker does for leads by the clock."""

from __future__ import annotations

from procrastinate.contrib.django import app

from rapport.contacts.actions import forget_submissions, return_leads, tell_of_waiting_leads


@app.periodic(cron="* * * * *")
@app.task(name="contacts.tell_of_waiting_leads", queue="maintenance")
def tell_of_waiting_leads_in_time(timestamp: int) -> None:
    """Tell owners of leads whose answer is due soon or late."""
    tell_of_waiting_leads()


@app.periodic(cron="40 3 * * *")
@app.task(name="contacts.forget_submissions", queue="maintenance")
def forget_submissions_in_time(timestamp: int) -> None:
    """Delete what came by web forms, became no lead and was kept long enough."""
    forget_submissions()


@app.periodic(cron="*/10 * * * *")
@app.task(name="contacts.return_leads", queue="maintenance")
def return_leads_in_time(timestamp: int) -> None:
    """Bring leads back that were set aside until today."""
    return_leads()
