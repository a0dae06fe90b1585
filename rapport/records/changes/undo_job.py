"""Undo of what is too much for a request: the worker does it."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import timedelta
from time import monotonic
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from rapport.accounts.principals import Principal
from rapport.records.changes.reversal import Place, to_json
from rapport.records.changes.sets import family
from rapport.records.changes.undo import Progress, check_undo, preview, take_time, undo
from rapport.records.jobs import Report, enqueue, register
from rapport.records.models import Change, ChangeSet, Job

#: How many changed rows a request takes back itself; more would take it over two seconds.
MOST_AT_ONCE = 4_000
#: How many a page looks through to say what an undo would do.
MOST_PREVIEWED = 20_000
#: How long a preview of the worker's is shown.
HOLDS = timedelta(minutes=15)
BETWEEN_REPORTS = 0.5


def is_large(change_set_id: UUID, most: int | None = None) -> bool:
    """Whether a change set is for the worker to undo."""
    most = MOST_AT_ONCE if most is None else most
    rows = Change.objects.filter(change_set__in=family(change_set_id))
    return rows.order_by().values("id")[: most + 1].count() > most


def is_of_many(change_set_id: UUID) -> bool:
    """Whether a change set touched more than one record."""
    rows = Change.objects.filter(change_set__in=family(change_set_id))
    return len(rows.order_by().values("record_id").distinct()[:2]) > 1


def undo_later(
    principal: Principal,
    change_set_id: UUID,
    forced: set[Place],
    title: str,
    *,
    overwrite: bool = False,
    leaving: Collection[str] = (),
) -> Job:
    """Let the worker undo a change set with this principal's rights.

    Raises CannotUndo, access.Denied.
    """
    check_undo(principal, change_set_id)
    places = [[str(row_id), column] for row_id, column in forced]
    return enqueue(
        principal,
        "undo",
        title,
        change_set=str(change_set_id),
        forced=places,
        overwrite=overwrite,
        leaving=sorted(leaving),
    )


def preview_later(principal: Principal, change_set_id: UUID, title: str) -> Job:
    """Let the worker find out what an undo would do. Raises CannotUndo, access.Denied."""
    check_undo(principal, change_set_id)
    return enqueue(principal, "undo_preview", title, change_set=str(change_set_id))


def previewed(principal: Principal, change_set_id: UUID) -> Job | None:
    """The newest preview of the worker's for this principal that is not outdated yet."""
    found = Job.objects.filter(
        kind="undo_preview",
        user=principal.user_id,
        arguments__change_set=str(change_set_id),
        created_at__gte=timezone.now() - HOLDS,
    )
    return found.order_by("-created_at").first()


@register("undo")
def run_undo(job: Job, principal: Principal, report: Report) -> dict[str, Any]:
    """All of it or nothing; a second run after a crash finds what the first one committed."""
    change_set_id = UUID(job.arguments["change_set"])
    is_it = Q(undo_of=change_set_id) | Q(part_undo_of=change_set_id)
    for undone in ChangeSet.objects.filter(is_it, user=job.user, at__gte=job.created_at):
        rows = Change.objects.filter(change_set__in=family(undone.pk)).count()
        return {"url": f"/history/{undone.pk}/", "change_set": str(undone.pk), "rows": rows}
    with _telling(job) as progress:
        made, result = undo(
            principal,
            change_set_id,
            via="web",
            forced={(UUID(row), column) for row, column in job.arguments.get("forced", [])},
            overwrite=job.arguments.get("overwrite", False),
            leaving=job.arguments.get("leaving", ()),
            progress=progress,
        )
    return {
        "url": f"/history/{made}/", "change_set": str(made),
        "rows": result.undone, "kept": result.staying,
    }  # fmt: skip


@register("undo_preview")
def run_preview(job: Job, principal: Principal, report: Report) -> dict[str, Any]:
    """Nothing is written but the preview itself, which lies with the job."""
    change_set_id = UUID(job.arguments["change_set"])
    with _telling(job) as progress, transaction.atomic():
        take_time()
        found = preview(principal, change_set_id, progress=progress)
    return {"url": f"/history/{change_set_id}/", "preview": to_json(found)}


@contextmanager
def _telling(job: Job) -> Iterator[Progress]:
    """How far it is, written beside the one long transaction and so seen before it ends."""
    beside, began, last = connection.copy(), monotonic(), [0.0]

    def progress(done: int, total: int) -> None:
        if monotonic() - last[0] < BETWEEN_REPORTS:
            return
        last[0] = monotonic()
        rate = done / max(monotonic() - began, 0.001)
        with beside.cursor() as cursor:
            cursor.execute(
                "UPDATE records_job SET done = %s, total = %s, rate = %s WHERE id = %s",
                [done, total, rate, job.pk],
            )

    try:
        yield progress
    finally:
        beside.close()
