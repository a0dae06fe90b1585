"""Doing it: at once, or by the worker in slices that are one change set and undone together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from time import monotonic
from typing import Any
from uuid import UUID

from rapport.accounts.models import Workspace
from rapport.accounts.principals import Principal
from rapport.records import access
from rapport.records.bulk.choice import Choice
from rapport.records.bulk.deed import Deed, Done
from rapport.records.changes.sets import family
from rapport.records.changes.whole import whole_of
from rapport.records.jobs import Hopeless, Report, enqueue, register
from rapport.records.kinds.base import Context, Invalid
from rapport.records.models import Change, Job
from rapport.records.reading import context_for
from rapport.records.store import Conflict, Missing, Rejected, change

#: How many a request takes on; more would take it over a second.
AT_ONCE = 500
#: After so many refusals the rest would be refused as well.
MOST_LEFT = 200
MOST_REASONS = 10


@dataclass(slots=True)
class _Left:
    """Records that were left as they are, and why."""

    count: int = 0
    reasons: list[str] = field(default_factory=list)

    def note(self, refused: Exception) -> None:
        self.count += 1
        reason = str(refused)
        if reason not in self.reasons and len(self.reasons) < MOST_REASONS:
            self.reasons.append(reason)

    @property
    def is_full(self) -> bool:
        return self.count >= MOST_LEFT


def do_now(context: Context, deed: Deed, ids: Sequence[UUID], via: str = "web") -> Done:
    """Do it with these records, all or none. Raises what the store raises."""
    return deed.do(context, ids, via, title=deed.title(len(ids)))


def do_later(context: Context, deed: Deed, choice: Choice, number: int, via: str = "web") -> Job:
    """Let the worker do it, with the rights that whoever asks has then."""
    access.check(context.principal, "bulk", deed.declaration.name)
    return enqueue(
        context.principal, "bulk", deed.title(number),
        deed=deed.as_json(context), choice=choice.as_json(), number=number, via=via,
    )  # fmt: skip


@register("bulk")
def run_bulk(job: Job, principal: Principal, report: Report) -> dict[str, Any]:
    """Slice by slice; a second run after a crash leaves out what the first one changed. What
    refuses is left as it is and told."""
    context = context_for(principal, Workspace.objects.get())
    deed = _read(job, context)
    choice = Choice.from_json(job.arguments["choice"])
    access.check(principal, "bulk", deed.declaration.name)
    access.check(principal, deed.needs, deed.declaration.name)
    whole, via = None if deed.action else whole_of(job, principal), _via(job)
    total, began = int(job.arguments["number"]), monotonic()
    seen, done, left = 0, 0, _Left()
    for ids in choice.slices(deed.declaration, context, job.created_at):
        done += _take(context, deed, deed.within_reach(context, ids), via, whole, left)
        seen += len(ids)
        report(seen, max(total, seen), seen / (monotonic() - began + 1e-9))
        if left.is_full:
            break
    deed.tell(context, [], done)
    return {
        "change_set": str(whole) if whole else "", "rows": done, "left": left.count,
        "reasons": left.reasons, "is_broken_off": left.is_full,
    }  # fmt: skip


def _read(job: Job, context: Context) -> Deed:
    """What was asked for. Raises Hopeless where it can't be done any more: the field is gone, or
    whom the records were to be shared with."""
    try:
        return Deed.from_json(job.arguments["deed"], context)
    except (Rejected, Invalid) as refused:
        raise Hopeless(str(refused)) from refused


def _do(context: Context, deed: Deed, ids: Sequence[UUID], via: str, whole: UUID | None) -> int:
    """Do it with those that no run before this one changed: once more would count as a change of
    them. They are held meanwhile, for that run may be of a worker that only slept."""
    if whole is None:
        return deed.do(context, ids, via).number
    with change(context.principal, via=via, parent=whole) as made:
        rows = deed.declaration.model._default_manager.filter(pk__in=ids).order_by("pk")
        list(rows.select_for_update().values_list("pk"))
        known = Change.objects.filter(change_set__in=family(whole), record_id__in=ids)
        done = set(known.values_list("record_id", flat=True))
        rest = [one for one in ids if one not in done]
        return len(ids) - len(rest) + (deed.write(made, rest) if rest else 0)


def _via(job: Job) -> str:
    return str(job.arguments.get("via", "web"))


def _take(
    context: Context, deed: Deed, ids: Sequence[UUID], via: str, whole: UUID | None, left: _Left
) -> int:
    """Do it with a slice; where one refuses, with each half of it, down to that one."""
    if not ids or left.is_full:
        return 0
    try:
        return _do(context, deed, ids, via, whole)
    except (Rejected, Conflict, Missing) as refused:
        if len(ids) == 1:
            left.note(refused)
            return 0
    middle = len(ids) // 2
    return sum(
        _take(context, deed, half, via, whole, left) for half in (ids[:middle], ids[middle:])
    )
