"""The job queue itself: how a worker reaches it, and what becomes of jobs whose worker died."""

import asyncio
import logging
from copy import copy
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connections
from procrastinate import App, JobContext
from procrastinate.contrib.django import app as queue
from procrastinate.contrib.django.db_cleanup import DjangoApp
from procrastinate.jobs import Job, Status
from procrastinate.middleware import SyncCallNext
from procrastinate.psycopg_connector import PsycopgConnector
from procrastinate.worker import Worker

from rapport.kit.origin import Origin

from .observing.tracing import job_span
from .outcomes import Outcomes
from .schedule import Scheduled

logger = logging.getLogger("rapport.jobs")

MOST_ATTEMPTS = 5
SILENCE_SECONDS = 60
KEEP_HOURS = 24 * 14
EVER = 10 * 365 * 24 * 3600
#: Whoever lives gives another sign in a moment; whoever died must not seem alive until tomorrow.
SIGNS_OF_TOMORROW = """
UPDATE procrastinate_workers SET last_heartbeat = now()
WHERE last_heartbeat > now() + interval '1 minute'
"""


def worker_app(url: str) -> App:
    """Return an app over the same tasks that fetches jobs past any pooler.

    The tasks themselves stay bound to Django's connection: what a job enqueues is part of the
    job's own transaction.
    """
    connector = PsycopgConnector(
        conninfo=url, kwargs={"prepare_threshold": None}, min_size=1, max_size=6
    )
    is_traced = bool(settings.INSTANCE.traces_to)
    app = DjangoApp(
        connector=connector,
        worker_defaults={"task_middleware": [traced]} if is_traced else None,
    )
    app.job_manager = Outcomes(connector)
    app.tasks = queue.tasks
    for key, periodic in queue.periodic_registry.periodic_tasks.items():
        # What the clock enqueues belongs to no transaction of Django's.
        task = copy(periodic.task)
        task.blueprint = app
        app.periodic_registry.periodic_tasks[key] = Scheduled(
            task=task,
            cron=periodic.cron,
            periodic_id=periodic.periodic_id,
            configure_kwargs=periodic.configure_kwargs,
        )
    return app


def traced(call_next: SyncCallNext, context: JobContext, worker: Worker) -> Any:
    """Run a task within a span that names the request which asked for it."""
    from rapport.records.models import Job as Asked

    key = str(context.job.task_kwargs.get("job_id", ""))
    asked = Asked.objects.filter(pk=key).first() if key else None
    found = Origin(request=asked.request if asked else "", job=key or str(context.job.id))
    name = asked.kind if asked else context.job.task_name
    with job_span(settings.INSTANCE.traces_to, name, found):
        return call_next()


@queue.periodic(cron="* * * * *")
@queue.task(queueing_lock="rescue_abandoned_jobs", pass_context=True)
async def rescue_abandoned_jobs(context: JobContext, timestamp: int) -> None:
    """Give jobs whose worker fell silent back to the queue."""
    await _rescue(context.app, SILENCE_SECONDS)


@queue.periodic(cron="17 3 * * *")
@queue.task(queueing_lock="forget_old_jobs", pass_context=True)
async def forget_old_jobs(context: JobContext, timestamp: int) -> None:
    """Remove jobs that ended two weeks ago."""
    await context.app.job_manager.delete_old_jobs(
        nb_hours=KEEP_HOURS, include_failed=True, include_cancelled=True, include_aborted=True
    )


async def rescue_all(app: App) -> None:
    """Give every job in progress back at once; only when no other worker can be running."""
    # Also those whose last sign is of tomorrow, since the clock was set back.
    await app.job_manager.prune_stalled_workers(-EVER)
    await _rescue(app, -EVER)


async def _rescue(app: App, silence: float) -> None:
    await app.connector.execute_query_async(SIGNS_OF_TOMORROW)
    for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=silence):
        await _give_back(app, job)
    await asyncio.to_thread(_take_up_lost)


async def _give_back(app: App, job: Job) -> None:
    # A job that takes its worker down each time must not do so for ever.
    if job.attempts >= MOST_ATTEMPTS:
        logger.error("Job %s (%s) ended its worker too often.", job.id, job.task_name)
        await app.job_manager.finish_job(job, Status.FAILED, delete_job=False)
        if asked_for := job.task_kwargs.get("job_id"):
            await asyncio.to_thread(_give_up, UUID(str(asked_for)))
        return
    logger.warning("Job %s (%s) lost its worker; it runs again.", job.id, job.task_name)
    await app.job_manager.retry_job(job)


def _take_up_lost() -> None:
    from rapport.records.jobs import take_up_lost

    take_up_lost(MOST_ATTEMPTS)
    connections.close_all()


def _give_up(job_id: UUID) -> None:
    from rapport.records.jobs import give_up

    give_up(job_id)
    connections.close_all()
