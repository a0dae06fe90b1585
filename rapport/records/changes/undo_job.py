"""Undo of what is too much for a request: the worker does it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from rapport.accounts.principals import Principal
from rapport.records.changes.sets import family, undoable
from rapport.records.changes.undo import Place, undo
from rapport.records.jobs import Report, enqueue, register
from rapport.records.models import Change, ChangeSet, Job

#: How many changed rows a request takes back itself; more would take it over two seconds.
MOST_AT_ONCE = 4_000


def is_large(change_set_id: UUID) -> bool:
    """Whether a change set is for the worker to undo."""
    rows = Change.objects.filter(change_set__in=family(change_set_id))
    return rows.order_by().values("id")[: MOST_AT_ONCE + 1].count() > MOST_AT_ONCE


def undo_later(principal: Principal, change_set_id: UUID, forced: set[Place], title: str) -> Job:
    """Let the worker undo a change set with this principal's rights. Raises CannotUndo."""
    undoable(change_set_id)
    places = [[str(row_id), column] for row_id, column in forced]
    return enqueue(principal, "undo", title, change_set=str(change_set_id), forced=places)


@register("undo")
def run_undo(job: Job, principal: Principal, report: Report) -> dict[str, Any]:
    """All of it or nothing; a second run after a crash finds what the first one committed."""
    change_set_id = UUID(job.arguments["change_set"])
    before = ChangeSet.objects.filter(undo_of=change_set_id, user=job.user, at__gte=job.created_at)
    for undone in before:
        return {"url": f"/history/{undone.pk}/"}
    forced = {(UUID(row_id), column) for row_id, column in job.arguments.get("forced", [])}
    made, result = undo(principal, change_set_id, via="web", forced=forced)
    return {"url": f"/history/{made}/", "rows": result.undone, "kept": len(result.kept)}
