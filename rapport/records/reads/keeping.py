"""How long entries on reads are kept."""

from __future__ import annotations

from datetime import timedelta

import psycopg
from django.conf import settings
from procrastinate.contrib.django import app

KEPT = timedelta(days=730)


@app.periodic(cron="41 3 * * *")
@app.task(name="records.forget_reads", queue="maintenance")
def forget_reads_daily(timestamp: int) -> None:
    """Let old entries go."""
    forget_reads()


def forget_reads(kept: timedelta = KEPT) -> int:
    """Delete entries older than that, which only the owner role can; how many went."""
    with psycopg.connect(settings.INSTANCE.owner_database_url, autocommit=True) as owner:
        owner.execute("SET statement_timeout = 0")
        gone = owner.execute("DELETE FROM records_reading WHERE at < now() - %s::interval", [kept])
        return gone.rowcount
