"""What the database knows of how work goes: asked by the doctor, the health page and metrics."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Count
from django.utils import timezone

from rapport.records.models import Job

#: Of each reader of the log how old the first change is that it has not read yet.
FOLLOWERS = """
SELECT reader.name, coalesce(extract(epoch FROM now() - (
  SELECT change.at FROM records_change AS change
  WHERE change.xid > reader.xid::text::xid8 ORDER BY change.xid, change.id LIMIT 1)), 0)::float
FROM records_cursor AS reader WHERE reader.name IN ('webhooks', 'assigned', 'search')
  OR (reader.name = 'rollups' AND EXISTS (SELECT FROM records_rollup))
ORDER BY reader.name
"""
QUEUE = """
SELECT job.queue_name, CASE job.status WHEN 'doing' THEN 'running' ELSE 'waiting' END,
  count(*)::int, max(extract(epoch FROM now() - coalesce(
  job.scheduled_at, (SELECT max(at) FROM procrastinate_events WHERE job_id = job.id))))::float
FROM procrastinate_jobs AS job
WHERE job.status IN ('todo', 'doing') AND coalesce(job.scheduled_at, now()) <= now()
GROUP BY 1, 2 ORDER BY 1, 2
"""
WORKERS = """
SELECT extract(epoch FROM now() - max(last_heartbeat))::float,
       count(*) FILTER (WHERE last_heartbeat > now() - make_interval(secs => %s))::int
FROM procrastinate_workers
"""
# Tries that failed after the last letter that went out.
MAIL = """
WITH tries AS (
  SELECT event.type, event.at FROM procrastinate_jobs AS job
  JOIN procrastinate_events AS event ON event.job_id = job.id
  WHERE job.queue_name = 'mail' AND event.at > now() - interval '7 days'
)
SELECT min(at) FROM tries WHERE type IN ('failed', 'deferred_for_retry')
  AND at > coalesce((SELECT max(at) FROM tries WHERE type = 'succeeded'), '-infinity')
"""
FAILED = """
SELECT DISTINCT ON (kind, error) id, title, error,
       count(*) OVER (PARTITION BY kind, error)::int, finished_at, request
FROM records_job WHERE state = 'failed' AND finished_at > %s
ORDER BY kind, error, finished_at DESC
"""
# What people asked for has a row of its own, with the reason.
TASKS = """
SELECT job.task_name, count(DISTINCT job.id)::int, max(event.at)
FROM procrastinate_jobs AS job JOIN procrastinate_events AS event ON event.job_id = job.id
WHERE job.status = 'failed' AND event.type = 'failed' AND job.task_name <> 'records.run'
  AND event.at > %s GROUP BY 1 ORDER BY 3 DESC
"""
DATABASE = """
SELECT pg_database_size(current_database())::float,
       (SELECT count(*) FROM pg_stat_activity WHERE datname = current_database())::int,
       current_setting('max_connections')::int
"""
DELIVERIES = """
SELECT count(*)::int, coalesce(max(extract(epoch FROM now() - made_at)), 0)::float
FROM automation_delivery WHERE state = 'waiting'
"""


@dataclass(frozen=True, slots=True)
class Failed:
    """Jobs of one kind that failed for one reason: how many, when last, and who asked."""

    what: str
    reason: str
    number: int
    at: datetime
    url: str = ""
    request: str = ""


def followers() -> list[tuple[str, float]]:
    """The readers of the log, and how many seconds each is behind."""
    return [(name, seconds) for name, seconds in rows_of(FOLLOWERS)]


def queue() -> list[tuple[str, str, int, float]]:
    """What waits and what is being done, by queue: how many, and the age of the oldest."""
    return [(name, state, number, age or 0.0) for name, state, number, age in rows_of(QUEUE)]


def silence_of_workers(seconds: int) -> tuple[float | None, int]:
    """Since when none gave a sign of life, and how many did lately."""
    (found,) = rows_of(WORKERS, seconds)
    return found


def mail_failing_since() -> datetime | None:
    """Since when no letter goes out, if that is so."""
    ((since,),) = rows_of(MAIL)
    return since


def database() -> tuple[float, int, int]:
    """Bytes, connections, and how many connections the server takes."""
    (found,) = rows_of(DATABASE)
    return found


def deliveries() -> tuple[int, float]:
    """Deliveries of webhooks that wait, and the age of the oldest."""
    (found,) = rows_of(DELIVERIES)
    return found


def jobs_by_state() -> list[tuple[str, str, int]]:
    """Jobs that people asked for, by kind and state; of those that are over the last day's."""
    lately = timezone.now() - timedelta(days=1)
    open_ones = Job.objects.exclude(state__in=("done", "failed"), finished_at__lt=lately)
    counted = open_ones.values_list("kind", "state").annotate(number=Count("id"))
    return list(counted.order_by("kind", "state"))


def failed_jobs(days: int) -> list[Failed]:
    """What failed lately, the newest first, like ones together."""
    since = timezone.now() - timedelta(days=days)
    found = [
        Failed(title, error, number, at, f"/jobs/{key}/", request)
        for key, title, error, number, at, request in rows_of(FAILED, since)
    ]
    found += [Failed(name, "", number, at) for name, number, at in rows_of(TASKS, since)]
    return sorted(found, key=lambda one: one.at, reverse=True)


def rows_of(query: str, *parameters: Any) -> list[Any]:
    """The rows of one of the statements above."""
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        return cursor.fetchall()
