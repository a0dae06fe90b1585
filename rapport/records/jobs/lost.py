"""Jobs that wait or are being done, and that the queue knows nothing of."""

from __future__ import annotations

import logging

from django.db import connection, transaction
from procrastinate.jobs import Status

from rapport.records.jobs.queue import defer
from rapport.records.jobs.running import give_up
from rapport.records.models import Job

log = logging.getLogger("rapport.jobs")

OPEN = [Status.TODO.value, Status.DOING.value]
# Its tries may all have ended before one word of them could be written down.
LOST = """
SELECT job.id FROM records_job AS job
WHERE job.state IN ('waiting', 'running') AND job.created_at < now() - interval '1 minute'
AND NOT EXISTS (
  SELECT FROM procrastinate_jobs AS task
  WHERE task.task_name = 'records.run' AND task.status::text = ANY (%s)
  AND task.args ->> 'job_id' = job.id::text)
ORDER BY job.id FOR UPDATE OF job SKIP LOCKED
"""


@transaction.atomic
def take_up_lost(most_attempts: int) -> None:
    """Have them run again, or end with a sentence for who asked: none stays open for ever."""
    with connection.cursor() as cursor:
        cursor.execute(LOST, [OPEN])
        lost = [key for (key,) in cursor.fetchall()]
    for job in Job.objects.filter(pk__in=lost).order_by("pk"):
        if job.attempts >= most_attempts:
            give_up(job.pk)
            continue
        log.warning("Job %s (%s) had left the queue without an outcome; it runs again", job.pk,
                    job.kind)  # fmt: skip
        defer(job)
