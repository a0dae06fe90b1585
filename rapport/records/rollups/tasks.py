"""What is counted anew by the clock: columns that the log leaves out, and what days change."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from procrastinate.contrib.django import app

from rapport.accounts.models import Workspace


@app.periodic(cron="15 0 * * *")
@app.task(name="records.count_rollups_again", queue="maintenance")
def count_again(timestamp: int) -> None:
    """Count what reads a column that is not logged, after the rates of the new day."""
    from rapport.records.metadata.indexes import prepare
    from rapport.records.metadata.noticing import refresh
    from rapport.records.rollups.recounting import count_unlogged

    refresh()
    count_unlogged()
    # The workspace may have got another time zone, which formulas of dates are made with.
    prepare()


@app.periodic(cron="10 * * * *")
@app.task(name="records.count_rollups_of_the_day", queue="maintenance")
def count_of_the_day(timestamp: int) -> None:
    """Count what is another thing on another day, once the workspace's own has begun."""
    from rapport.records.metadata.noticing import refresh
    from rapport.records.rollups.recounting import count_dated

    zone = Workspace.objects.values_list("timezone", flat=True).first() or "UTC"
    if datetime.fromtimestamp(timestamp, ZoneInfo(zone)).hour == 0:
        refresh()
        count_dated()
