"""What a person corrects in a set before it starts, and its start."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from rapport.accounts.actions import Actor
from rapport.accounts.principals import Principal
from rapport.records.imports.identity import GONE_NAMES
from rapport.records.imports.mapping.headings import key
from rapport.records.imports.new_fields import make_fields
from rapport.records.imports.running.plan import GONE, KNOWN
from rapport.records.imports.sets.drafting import draft_run, may_take
from rapport.records.imports.sets.packing import Kept
from rapport.records.imports.sets.recognising import look_at
from rapport.records.imports.sets.running import taking
from rapport.records.jobs import enqueue
from rapport.records.models import ImportRun, ImportSet, Job

State = ImportRun.State


def set_policy(made: ImportSet, policy: str) -> None:
    """What becomes of rows whose record is here; files that only tie records make none anyhow."""
    made.policy = policy
    made.save(update_fields=["policy"])
    made.runs.exclude(policy=KNOWN).update(policy=policy)


def says_deleted(made: ImportSet) -> bool:
    """Whether some of the files say which records the other program has deleted."""
    return any(key(one["column"]) in GONE_NAMES for run in made.runs.all() for one in run.mapping)


def takes_deleted(made: ImportSet) -> bool:
    """Whether the rows that the other program has deleted come in like all others."""
    return not any(one["field"] == GONE for run in made.runs.all() for one in run.mapping)


def set_takes_deleted(made: ImportSet, *, wanted: bool) -> None:
    """Let the rows that the other program has deleted come in, or let them stay out."""
    for run in made.runs.all():
        for one in run.mapping:
            if key(one["column"]) in GONE_NAMES and one["field"] in ("", GONE):
                one["field"] = "" if wanted else GONE
        run.save(update_fields=["mapping"])


def set_left_out(made: ImportSet, wanted: Mapping[str, bool]) -> None:
    """Which files of the set come in, by the keys of their runs."""
    for run in made.runs.all():
        is_left_out = not wanted.get(str(run.pk), not run.is_left_out)
        if is_left_out != run.is_left_out:
            run.is_left_out = is_left_out
            run.save(update_fields=["is_left_out"])


def set_object(principal: Principal, made: ImportSet, run: ImportRun, name: str) -> None:
    """Say that a file is about another object: it is mapped anew. Raises Unreadable, Denied."""
    if name == run.object or not may_take(principal, name):
        return
    _bring(made, name)
    seen = look_at(Kept(run.filename, run.storage))
    with transaction.atomic():
        made.runs.filter(storage=run.storage).delete()
        draft_run(principal, made, seen, name, run.turn)


def take_left(principal: Principal, made: ImportSet, place: int, name: str) -> None:
    """Take in a file that was left, as records of an object. Raises Unreadable, Denied."""
    left = made.left[place]
    if not left["storage"] or not may_take(principal, name):
        return
    _bring(made, name)
    seen = look_at(Kept(left["name"], left["storage"]))
    turn = max((run.turn for run in made.runs.all()), default=0) + 1
    with transaction.atomic():
        draft_run(principal, made, seen, name, turn)
        made.left = [one for one in made.left if one is not left]
        made.save(update_fields=["left"])


def _bring(made: ImportSet, name: str) -> None:
    made.brought = sorted({*made.brought, name})
    made.save(update_fields=["brought"])


def start(principal: Principal, made: ImportSet, by: Actor, *, is_dry_run: bool) -> Job | None:
    """Let a job take the set in, or check it; nothing where it has been started already.

    Raises store.Rejected and PermissionDenied where a field can't be made.
    """
    with transaction.atomic():
        if is_dry_run:
            made = _copy(made)
        else:
            # Two clicks must not start it twice.
            started = ImportSet.objects.filter(pk=made.pk, state=State.DRAFT)
            if not started.update(state=State.QUEUED):
                return None
            for run in taking(made):
                make_fields(run, by)
            taking(made).update(state=State.QUEUED)
        words = _("Check %(file)s") if is_dry_run else _("Import %(file)s")
        job = enqueue(principal, "import_set", words % {"file": made.name}, set=str(made.pk))
        ImportSet.objects.filter(pk=made.pk).update(job=job.pk)
        taking(made).update(job=job.pk)
    return job


def _copy(made: ImportSet) -> ImportSet:
    """The set again, to be checked: what it comes to is kept apart from the draft."""
    runs = list(taking(made))
    copy = ImportSet.objects.create(
        user=made.user, name=made.name, program=made.program, policy=made.policy,
        brought=made.brought, words=made.words, left=made.left, is_dry_run=True, check_of=made,
        state=State.QUEUED,
    )  # fmt: skip
    for run in runs:
        ImportRun.objects.create(
            object=run.object, user=run.user, filename=run.filename, storage=run.storage,
            sheet=run.sheet, encoding=run.encoding, delimiter=run.delimiter, header=run.header,
            mapping=run.mapping, policy=run.policy, bytes_total=run.bytes_total, rows=run.rows,
            turn=run.turn, set=copy, is_dry_run=True, check_of=run, state=State.QUEUED,
        )  # fmt: skip
    return copy
