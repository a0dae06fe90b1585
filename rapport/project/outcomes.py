"""What became of a job gets into the queue, whatever the database does at that moment."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime

from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Job, Status
from procrastinate.manager import JobManager

logger = logging.getLogger("rapport.jobs")

SHORTEST_PAUSE, LONGEST_PAUSE = 0.5, 10.0
HELD_BY = "SELECT worker_id FROM procrastinate_jobs WHERE id = %(job)s AND status = 'doing'"


class Outcomes(JobManager):
    """Writes down outcomes until it succeeds, and only those of jobs that are still ours.

    A job that is in the hands of a living worker is taken for being done: one whose outcome was
    lost, on a full disk for instance, would stay so for ever. And who was paused until his job was
    given to another must not end it for him.
    """

    async def finish_job(self, job: Job, status: Status, delete_job: bool) -> None:
        """Note the end of a job."""
        finish = super().finish_job
        await self._surely(job, lambda: finish(job, status, delete_job))

    async def retry_job(
        self,
        job: Job,
        retry_at: datetime | None = None,
        priority: int | None = None,
        queue: str | None = None,
        lock: str | None = None,
    ) -> None:
        """Note that a job is to be tried again."""
        again = super().retry_job
        await self._surely(job, lambda: again(job, retry_at, priority, queue, lock))

    async def _surely(self, job: Job, write: Callable[[], Awaitable[None]]) -> None:
        pause = SHORTEST_PAUSE
        while True:
            try:
                if await self._is_held(job):
                    await write()
                else:
                    logger.warning("Job %s was given to another worker meanwhile.", job.id)
            except ConnectorException as fault:
                logger.warning("The outcome of job %s waits for the database: %s", job.id, fault)
            else:
                return
            await asyncio.sleep(pause)
            pause = min(LONGEST_PAUSE, 2 * pause)

    async def _is_held(self, job: Job) -> bool:
        """Whether it is still in the hands of who was given it."""
        found = await self.connector.execute_query_all_async(HELD_BY, job=job.id)
        return bool(found) and found[0]["worker_id"] == job.worker_id
