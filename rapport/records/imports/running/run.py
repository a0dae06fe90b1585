"""An import from its first to its last row, a chunk at a time; it can stop and go on anywhere."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from rapport.accounts.principals import Principal
from rapport.records import access
from rapport.records.imports.running.chunks import LANES, PATIENCE, Progress, take_file
from rapport.records.imports.running.importer import Importer
from rapport.records.imports.running.lanes import Place, in_lanes, one_by_one
from rapport.records.imports.running.plan import Plan, plan_of
from rapport.records.jobs.kinds import Overtaken
from rapport.records.kinds.base import Context
from rapport.records.models import ImportProblem, ImportRun
from rapport.records.store import change


def run_import(
    run: ImportRun,
    principal: Principal,
    context: Context,
    report: Callable[[Progress], None] = lambda _progress: None,
) -> ImportRun:
    """Take in what is left of a run. Every chunk is one transaction that also moves the run's
    position, so that a killed worker neither loses nor doubles a row.

    Raises Unreadable, access.Denied.
    """
    access.check(principal, "import", run.object)
    plan = plan_of(run)
    if run.is_dry_run:
        return _check(run, plan, principal, context, report)
    _begin(run, principal)
    take_file(Importer(run, plan, principal, context), report)
    _follow_up(run, plan, principal)
    _settle()
    return _end(run)


def _check(
    run: ImportRun,
    plan: Plan,
    principal: Principal,
    context: Context,
    report: Callable[[Progress], None],
) -> ImportRun:
    """Do all of it, keep the numbers and the problems, and roll the rest back."""
    importer = Importer(run, plan, principal, context)
    run.started_at = timezone.now()
    with transaction.atomic():
        take_file(importer, report)
        transaction.set_rollback(True)
    ImportProblem.objects.bulk_create(importer.problems, batch_size=2_000)
    return _end(run)


def _follow_up(run: ImportRun, plan: Plan, principal: Principal) -> None:
    """What else the object asks for after a file, as part of the same change. May run twice."""
    filled = {one.field for one in plan.columns if one.field}
    for gate in plan.declaration.gates:
        if gate.imported is not None and run.change_set and not gate.fields.isdisjoint(filled):
            with change(principal, via="import", title="", parent=run.change_set):
                gate.imported(principal, run.change_set)


def _settle() -> None:
    take = one_by_one if connection.in_atomic_block else partial(in_lanes, count=LANES)
    list(take(iter(range(LANES)), _sort_in))


def _sort_in(lane: int, place: Place) -> int:
    place.let_next_begin()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(PATIENCE)
        cursor.execute("SELECT rapport_settle_searches(%s, %s)", [lane, LANES])
    return lane


def _end(run: ImportRun) -> ImportRun:
    run.state = ImportRun.State.DONE
    run.finished_at = timezone.now()
    run.save()
    return run


def _begin(run: ImportRun, principal: Principal) -> None:
    """Raises Overtaken where another worker has begun or ended it meanwhile."""
    found = ImportRun.objects.filter(pk=run.pk)
    if run.change_set is None:
        title = _("Import %(file)s") % {"file": run.filename}
        with change(principal, via="import", title=title) as made:
            run.change_set, run.started_at = made.id, timezone.now()
            run.state = ImportRun.State.RUNNING
            facts = {"change_set": made.id, "started_at": run.started_at, "state": run.state}
            if not found.filter(change_set=None).update(**facts):
                raise Overtaken
    elif run.state != ImportRun.State.RUNNING:
        run.state = ImportRun.State.RUNNING
        if not found.exclude(state=ImportRun.State.DONE).update(state=run.state):
            raise Overtaken
