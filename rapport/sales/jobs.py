"""What the worker does for sales by the clock."""

from __future__ import annotations

from procrastinate.contrib.django import app

from rapport.sales.actions import refresh_amounts


@app.periodic(cron="5 0 * * *")
@app.task(name="sales.refresh_amounts", queue="maintenance")
def refresh_amounts_daily(timestamp: int) -> None:
    """Bring open deals to the rates of the new day."""
    refresh_amounts()
