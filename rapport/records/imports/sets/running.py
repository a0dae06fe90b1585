"""A set from its first file to its last: each a run of its own, all in one change set."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from rapport.accounts.principals import Principal
from rapport.records import access
from rapport.records.access import Denied
from rapport.records.imports.reading import Unreadable
from rapport.records.imports.running import Progress, run_import
from rapport.records.imports.running.chunks import take_file
from rapport.records.imports.running.importer import Importer
from rapport.records.imports.running.plan import plan_of
from rapport.records.kinds.base import Context
from rapport.records.models import ImportProblem, ImportRun, ImportSet
from rapport.records.store import change

State = ImportRun.State


@dataclass(frozen=True, slots=True)
class SetProgress:
    """Where a set stands: bytes and rows of all its files, and the file that is being read."""

    done: int
    total: int
    bytes_rate: float
    rows: int
    rate: float
    file: str


type Told = Callable[[SetProgress], None]


def taking(made: ImportSet) -> QuerySet[ImportRun]:
    """The runs of a set that are to be taken in, in their order."""
    return made.runs.filter(is_left_out=False).order_by("turn", "pk")


def run_set(
    made: ImportSet, principal: Principal, context: Context, told: Told = lambda progress: None
) -> ImportSet:
    """Take in what is left of a set. A file that can't be read to its end, or is no longer the
    principal's to import, fails alone. A check writes nothing that stays."""
    runs = list(taking(made))
    if made.is_dry_run:
        _check(runs, principal, context, told)
    else:
        _begin(made, principal)
        for run in runs:
            if run.state not in (State.DONE, State.FAILED):
                run.change_set = made.change_set
                _take(run, principal, context, _Teller(runs, run, told))
    made.state, made.finished_at = State.DONE, timezone.now()
    made.save(update_fields=["state", "finished_at"])
    return made


def _begin(made: ImportSet, principal: Principal) -> None:
    if made.change_set is None:
        title = _("Import %(file)s") % {"file": made.name}
        with change(principal, via="import", title=title) as changing:
            made.change_set = changing.id
            made.state = State.RUNNING
            made.save(update_fields=["change_set", "state"])


def _take(run: ImportRun, principal: Principal, context: Context, teller: _Teller) -> None:
    run.started_at = run.started_at or timezone.now()
    run.save(update_fields=["change_set", "started_at"])
    try:
        run_import(run, principal, context, teller)
    except (Unreadable, Denied) as problem:
        run.state, run.error, run.finished_at = State.FAILED, str(problem), timezone.now()
        run.save(update_fields=["state", "error", "finished_at"])


def _check(runs: list[ImportRun], principal: Principal, context: Context, told: Told) -> None:
    """Do all of it in one transaction, so that files find what those before them made; keep the
    numbers and the problems, and roll the rest back."""
    problems: list[ImportProblem] = []
    with transaction.atomic():
        for run in runs:
            run.started_at = timezone.now()
            try:
                with transaction.atomic():
                    access.check(principal, "import", run.object)
                    importer = Importer(run, plan_of(run), principal, context)
                    take_file(importer, _Teller(runs, run, told))
                problems += importer.problems
                run.state = State.DONE
            except (Unreadable, Denied) as problem:
                run.state, run.error = State.FAILED, str(problem)
            run.finished_at = timezone.now()
        transaction.set_rollback(True)
    with transaction.atomic():
        for run in runs:
            run.save()
        ImportProblem.objects.bulk_create(problems, batch_size=2_000)


class _Teller:
    """Tells of the whole set what one of its runs tells of itself."""

    def __init__(self, runs: list[ImportRun], run: ImportRun, told: Told) -> None:
        self.runs, self.run, self.told = runs, run, told
        self.began, self.first = monotonic(), run.bytes_done

    def __call__(self, progress: Progress) -> None:
        before = [one for one in self.runs if one is not self.run and one.finished_at]
        done = sum(one.bytes_total for one in before) + self.run.bytes_done
        total = sum(one.bytes_total for one in self.runs)
        rows = sum(one.position for one in before) + self.run.position
        self.told(
            SetProgress(done, total, progress.bytes_rate, rows, progress.rate, self.run.filename)
        )
