"""The worker's queue, run until nothing is due."""

from __future__ import annotations

import asyncio

from django.conf import settings
from django.db import connection
from procrastinate.jobs import Status

from rapport.project import jobs
from rapport.project.jobs import worker_app


def work() -> None:
    """Run what is due, as the worker process does."""
    asyncio.run(_work())


async def _work() -> None:
    app = worker_app(_url())
    async with app.open_async():
        await app.run_worker_async(wait=False, install_signal_handlers=False, concurrency=1)


def look_after() -> None:
    """What the worker does each minute."""
    asyncio.run(_look_after())


async def _look_after() -> None:
    app = worker_app(_url())
    async with app.open_async():
        await jobs._rescue(app, jobs.SILENCE_SECONDS)


def let_pauses_pass() -> float:
    """Whatever waits for its next try is due now; how long the longest would have waited."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(extract(epoch FROM max(scheduled_at) - now()), 0)::float "
            "FROM procrastinate_jobs WHERE status = %s",
            [Status.TODO.value],
        )
        (pause,) = cursor.fetchone()
        cursor.execute(
            "UPDATE procrastinate_jobs SET scheduled_at = now() WHERE status = %s",
            [Status.TODO.value],
        )
    return float(pause)


def statuses() -> list[Status]:
    """How the tasks of jobs that people asked for stand, the oldest first."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT status::text FROM procrastinate_jobs WHERE task_name = 'records.run' "
            "ORDER BY id"
        )
        return [Status(status) for (status,) in cursor.fetchall()]


def _url() -> str:
    return str(settings.INSTANCE.direct_database_url)
