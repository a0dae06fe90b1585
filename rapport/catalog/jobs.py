"""What the worker does for the catalog by the clock."""

from __future__ import annotations

from procrastinate.contrib.django import app

from rapport.catalog.actions import end_expired_reservations


@app.periodic(cron="10 0 * * *")
@app.task(name="catalog.end_expired_reservations", queue="maintenance")
def end_expired_reservations_daily(timestamp: int) -> None:
    """Let go what was kept until the day that is over."""
    end_expired_reservations()
