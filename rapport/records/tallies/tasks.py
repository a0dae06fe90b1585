"""What is kept of boards, compared with the records once a day."""

from __future__ import annotations

import logging

from procrastinate.contrib.django import app

from rapport.records.tallies.keeping import settle

logger = logging.getLogger("rapport.records")


@app.periodic(cron="29 3 * * *")
@app.task(name="records.settle_tallies", queue="maintenance")
def settle_daily(timestamp: int) -> None:
    """Put right what somebody changed past the triggers, and say so."""
    if found := settle():
        logger.error("The sums of %s lanes of boards were wrong and have been put right.", found)
