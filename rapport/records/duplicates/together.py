"""Very many records made one: too many to compare side by side, so the worker does it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import batched
from time import monotonic
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from rapport.accounts.principals import Principal
from rapport.records import access, registry
from rapport.records.changes.whole import whole_of
from rapport.records.declare import Object
from rapport.records.duplicates.merging import (
    MOST,
    check_reach,
    merge_within,
    note_merge,
    title_of,
)
from rapport.records.jobs import Report, enqueue, register
from rapport.records.models import Job, Merge
from rapport.records.store import change

MOST_TOGETHER = 1_000
STAYS = {
    "oldest": (_("The oldest"), "pk"),
    "newest": (_("The newest"), "-pk"),
    "changed": (_("The one that was changed last"), "-updated_at"),
}
"""Which of many records may be the one that stays: its words, and by what it is found."""


def kept_of(principal: Principal, name: str, keys: Sequence[UUID], stays: str) -> UUID | None:
    """The record of these that is to stay; None where none of them is the principal's to see."""
    rows = access.rows(principal, name).filter(pk__in=keys)
    found: UUID | None = rows.order_by(STAYS[stays][1]).values_list("pk", flat=True).first()
    return found


def merge_later(
    principal: Principal,
    declaration: type[Object],
    kept: UUID,
    gone: Sequence[UUID],
    *,
    via: str = "web",
) -> Job:
    """Let the worker make the records part of `kept`, which has the last word where it has a value
    and takes what it lacks from the oldest that has it. Raises Denied, Missing."""
    check_reach(principal, declaration, kept, gone)
    return enqueue(
        principal, "bulk_merge", title_of(declaration),
        object=declaration.name, kept=str(kept), gone=[str(one) for one in gone], via=via,
    )  # fmt: skip


@register("bulk_merge")
def run_merge(job: Job, principal: Principal, report: Report) -> dict[str, Any]:
    """Some at a time, in one change set; after a crash it goes on where it was."""
    declaration, kept = registry.get(job.arguments["object"]), UUID(job.arguments["kept"])
    gone, whole = [UUID(one) for one in job.arguments["gone"]], whole_of(job, principal)
    done = set(Merge.standing().filter(change_set=whole).values_list("gone_id", flat=True))
    left, began = [one for one in gone if one not in done], monotonic()
    check_reach(principal, declaration, kept, left)
    for some in batched(left, MOST):
        with change(principal, via=_way(job), parent=whole) as made:
            merge_within(made, declaration, kept, some, {})
            note_merge(declaration.name, kept, some, whole)
        done.update(some)
        report(len(done), len(gone), len(done) / (monotonic() - began + 1e-9))
    return {"change_set": str(whole), "rows": len(gone) + 1}


def _way(job: Job) -> str:
    """Through what somebody asked for it."""
    return str(job.arguments.get("via", "web"))
