"""Counting and following measures in tests, as the worker does it."""

from __future__ import annotations

from dataclasses import replace
from threading import Event
from time import monotonic
from typing import Any
from uuid import UUID

from django.db import connection

from rapport.accounts.principals import EVERY_OBJECT, Scope
from rapport.records.jobs.running import run_job
from rapport.records.models import Job
from rapport.records.rollups.following import follow
from rapport.records.testing import create, read

LONG = 60
IS_CLOSED = """
SELECT coalesce(max(xid::text::bigint), 0) < pg_snapshot_xmin(pg_current_snapshot())::text::bigint
FROM records_change
"""


def counted() -> None:
    """Run the jobs that count, as the worker does."""
    for job in Job.objects.filter(kind="count_rollups").order_by("created_at"):
        run_job(job.pk)


def followed() -> int:
    """Follow the log to its end."""
    until_closed()
    return follow()


def until_closed() -> None:
    """Wait till the log is certain to its end, however long other tests hold it open."""
    pause, until = Event(), monotonic() + LONG
    with connection.cursor() as cursor:
        while not cursor.execute(IS_CLOSED).fetchone()[0]:
            assert monotonic() < until
            pause.wait(0.05)


def inner(house: UUID, **typed: Any) -> UUID:
    return create("room", name="Inner", parent=str(house), **typed)


def value(room: UUID, name: str = "total") -> Any:
    return read("room", room, name)


def narrowed(principal: Any, name: str) -> Any:
    """The same role, but of one object it sees its own records only."""
    grant = principal.grant(EVERY_OBJECT)
    return replace(principal, grants={**principal.grants, name: replace(grant, view=Scope.OWN)})
