"""What the worker does for fields: indexes when they are asked for, forgetting by the day."""

from __future__ import annotations

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

AGAIN = RetryStrategy(max_attempts=6, exponential_wait=5)


@app.task(name="records.prepare_fields", queue="maintenance", retry=AGAIN)
def prepare_fields() -> None:
    """Build the indexes that fields wait for, as the owner role."""
    from rapport.records.metadata.indexes import prepare

    prepare()


@app.periodic(cron="37 3 * * *")
@app.task(name="records.purge_fields", queue="maintenance")
def purge_fields(timestamp: int) -> None:
    """Forget what was removed 30 days ago; then drop its indexes."""
    from rapport.records.metadata.indexes import prepare
    from rapport.records.metadata.purging import purge

    if purge():
        prepare()


def prepare_soon() -> None:
    """Have the worker prepare what fields wait for once the open transaction is committed."""
    prepare_fields.defer()
