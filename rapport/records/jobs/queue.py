"""Putting jobs into the queue."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from rapport.accounts.principals import Principal
from rapport.kit.origin import origin
from rapport.records.models import Job


def enqueue(principal: Principal, kind: str, title: str, **arguments: Any) -> Job:
    """Add a job in the transaction that is open; it runs once that is committed."""
    with transaction.atomic():
        made = Job.objects.create(
            kind=kind,
            title=title,
            user_id=principal.user_id,
            token=principal.token_id,
            request=origin().request,
            arguments=arguments,
        )
        defer(made)
    return made


def retry(job: Job) -> None:
    """Let a failed job try again from where it was."""
    with transaction.atomic():
        waiting = Job.objects.filter(pk=job.pk, state=Job.State.FAILED).update(
            state=Job.State.WAITING, error="", finished_at=None
        )
        if waiting:
            defer(job)


def defer(job: Job) -> None:
    """Put a task for it into the queue."""
    from rapport.records.jobs.tasks import run

    run.defer(job_id=str(job.pk))
