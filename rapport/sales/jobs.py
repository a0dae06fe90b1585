"""What the worker does for sales by the clock."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from django.utils import timezone
from procrastinate.contrib.django import app

from rapport.accounts.queries import workspace
from rapport.sales.actions import (
    expire_quotes,
    foresee_revenue,
    refresh_amounts,
    renew_contracts,
    take_snapshot,
)


@app.periodic(cron="5 0 * * *")
@app.task(name="sales.refresh_amounts", queue="maintenance")
def refresh_amounts_daily(timestamp: int) -> None:
    """Bring open deals to the rates of the new day."""
    refresh_amounts()


@app.periodic(cron="12 * * * *")
@app.task(name="sales.take_snapshot", queue="maintenance")
def take_snapshot_hourly(timestamp: int) -> None:
    """Keep how open deals stand as the workspace's day begins; for the rest of it nothing."""
    take_snapshot(timezone.localdate(timezone=ZoneInfo(workspace().timezone)))


@app.periodic(cron="14 * * * *")
@app.task(name="sales.expire_quotes", queue="maintenance")
def expire_quotes_hourly(timestamp: int) -> None:
    """Have quotes expire whose last day is over where the firm is."""
    expire_quotes()


@app.periodic(cron="25 1 * * *")
@app.task(name="sales.foresee_revenue", queue="maintenance")
def foresee_revenue_nightly(timestamp: int) -> None:
    """Foresee the months ahead from those behind."""
    foresee_revenue()


@app.periodic(cron="18 * * * *")
@app.task(name="sales.renew_contracts", queue="maintenance")
def renew_contracts_hourly(timestamp: int) -> None:
    """Renewal deals, terms and ends of contracts as a day begins where the firm is."""
    renew_contracts()
