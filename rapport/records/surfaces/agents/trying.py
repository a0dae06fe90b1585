"""Steps tried and taken back, so that a plan shows what it would really come to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from rapport.accounts.principals import Principal
from rapport.records import access
from rapport.records.changes.telling import RecordStory, tell_parts
from rapport.records.kinds.base import Context, Title
from rapport.records.models import Change, ChangeSet
from rapport.records.store import ChangeInProgress, change
from rapport.records.surfaces.agents.asking import THROUGH
from rapport.records.surfaces.agents.steps import CREATE, MERGE, Step, take_back, take_step
from rapport.records.surfaces.api.problems import problem_body


@dataclass(frozen=True, slots=True)
class Tried:
    """What a step came to, or why it could not be done."""

    stories: Sequence[RecordStory]
    fault: str


@contextmanager
def tried(principal: Principal, title: str) -> Iterator[ChangeInProgress]:
    """A change that leaves nothing behind."""
    with transaction.atomic():
        with change(principal, via=THROUGH, title=title) as made:
            yield made
        transaction.set_rollback(True)


def attempt(made: ChangeInProgress, step: Step, context: Context) -> str:
    """Do a step if it can be done; else why not."""
    try:
        with transaction.atomic():
            take_step(made, step, context)
    except Exception as fault:
        sentence = said(fault)
        if sentence is None:
            raise
        return sentence
    return ""


def said(fault: Exception) -> str | None:
    """A fault that somebody can do something about, as a sentence; None for our own."""
    problem = problem_body(fault)
    if problem is None:
        return None
    return str(problem.get("detail") or problem["title"])


def rehearse(steps: Sequence[Step], title: str, context: Context) -> list[Tried]:
    """What each step would come to behind those before it, told of in a few statements for all.

    Each costs what doing it takes; which rows of the log are whose is asked for only where the
    rows themselves don't say it.
    """
    before = _titles_of(steps, context)
    with tried(context.principal, title) as made:
        faults, ends = [], list[int]()
        for step in steps:
            faults.append(attempt(made, step, context))
            ends += [] if _are_apart(steps) else [_last_change(made)]
        rows = list(Change.objects.filter(change_set=made.id).order_by("id"))
        parts = _parts_by_end(rows, ends) if ends else _parts_by_record(rows, steps)
        stories = tell_parts(parts, context, before)
    return [Tried(*both) for both in zip(stories, faults, strict=True)]


def rehearse_undo(step: Step, context: Context) -> Tried:
    """What taking a change set back would come to."""
    with transaction.atomic():
        try:
            made = take_back(context.principal, step.id)
        except Exception as fault:
            sentence = said(fault)
            if sentence is None:
                raise
            return Tried((), sentence)
        rows = Change.objects.filter(change_set=made).order_by("id")
        (stories,) = tell_parts([list(rows)], context, {})
        transaction.set_rollback(True)
    return Tried(stories, "")


def title_of_set(change_set: UUID) -> str:
    """What a change set is called."""
    found = ChangeSet.objects.filter(pk=change_set).values_list("title", flat=True).first()
    return found or ""


def _titles_of(steps: Sequence[Step], context: Context) -> dict[UUID, Title]:
    """What the records are called before anything is done to them."""
    wanted = {(one.object, key) for one in steps if one.do != CREATE for key in _records(one)}
    return dict(access.titles(context.principal, wanted, context.language, trashed=None))


def _records(step: Step) -> tuple[UUID, ...]:
    return (step.id, *step.others)


def _are_apart(steps: Sequence[Step]) -> bool:
    """Whether rows of the log tell whose they are: no two steps are about the same record, and
    none reaches beyond its own."""
    keys = [step.id for step in steps]
    return len(set(keys)) == len(keys) and all(step.do != MERGE for step in steps)


def _last_change(made: ChangeInProgress) -> int:
    found = Change.objects.filter(change_set=made.id).order_by("-id").values_list("id", flat=True)
    return found.first() or 0


def _parts_by_end(rows: Sequence[Change], ends: Sequence[int]) -> list[list[Change]]:
    begins = [0, *ends[:-1]]
    return [
        [row for row in rows if begin < row.id <= end]
        for begin, end in zip(begins, ends, strict=True)
    ]


def _parts_by_record(rows: Sequence[Change], steps: Sequence[Step]) -> list[list[Change]]:
    """Rows come in the order of their steps; one of no step's record is of the step before it."""
    place = {step.id: number for number, step in enumerate(steps)}
    parts: list[list[Change]] = [[] for _step in steps]
    at = 0
    for row in rows:
        at = max(at, place.get(row.record_id, at))
        parts[at].append(row)
    return parts
