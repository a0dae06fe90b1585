"""The task by which the worker runs a job; a crash of the worker lets it run again."""

from __future__ import annotations

from uuid import UUID

from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app

AGAIN = RetryStrategy(max_attempts=4, exponential_wait=5)


@app.task(name="records.run", queue="records", retry=AGAIN, pass_context=True)
def run(context: JobContext, job_id: str) -> None:
    """Run one job. Raises what its work raised, so that the queue tries it again."""
    from rapport.records.jobs.running import run_job

    last = context.job is not None and context.job.attempts + 1 >= (AGAIN.max_attempts or 0)
    run_job(UUID(job_id), is_last_try=last)
