"""What is counted anew by the clock: measures of columns that the log leaves out."""

from __future__ import annotations

from procrastinate.contrib.django import app


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
