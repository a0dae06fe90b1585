"""A person's word on a row that the matching left open."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from django.utils.translation import gettext as _

from rapport.accounts.models import Workspace
from rapport.accounts.principals import Principal
from rapport.records import access
from rapport.records.imports.running.importer import Importer
from rapport.records.imports.running.parsing import Parsed
from rapport.records.imports.running.plan import Plan, described_object, plan_of
from rapport.records.models import ImportProblem, ImportRun
from rapport.records.reading import context_for
from rapport.records.store import Missing, Rejected, change

SKIP = "skip"
NEW = "new"
COUNTERS = ("created", "updated", "skipped", "failed", "review", "partial", "related")


def decide_row(
    principal: Principal, run: ImportRun, problem: ImportProblem, record: str
) -> UUID | None:
    """Write the row into `record` (an id), make it `new`, or `skip` it; the change set, if any.

    Where the row only waits for which of several records it is about, the word settles that one.
    Raises store.Missing for an id out of reach, store.Rejected where the row can't be written.
    """
    title = _("Row %(n)d of %(file)s") % {"n": problem.number, "file": run.filename}
    with change(principal, via="import", title=title) as made:
        run = ImportRun.objects.select_for_update().get(pk=run.pk)
        run.review -= 1
        problem.delete()
        if record == SKIP:
            run.skipped += 1
        else:
            importer, row = _answered(principal, run, problem, record)
            importer.write([row], made)
            _refuse(run, row)
        run.save(update_fields=[*COUNTERS, "notes"])
    return None if record == SKIP else made.id


def _answered(
    principal: Principal, run: ImportRun, problem: ImportProblem, record: str
) -> tuple[Importer, Parsed]:
    """The importer and the row, told which record it is."""
    plan, asked = plan_of(run), problem.asked
    key = None if record == NEW else _seen(principal, plan, asked, record)
    if not asked:
        plan = replace(plan, policy="create" if key is None else "update")
    workspace = Workspace.objects.get()
    context = context_for(principal, workspace)
    importer = Importer(run, plan, principal, context)
    row = importer.parser.parse(problem.number, list(problem.cells))
    if not asked:
        row.record_id = key
    elif asked in row.described:
        row.described[asked].record_id = key
        if key is None:
            importer.describing[asked].policy = "create"
    return importer, row


def _seen(principal: Principal, plan: Plan, asked: str, text: str) -> UUID:
    """The key of a record that the principal sees. Raises Missing."""
    target = described_object(plan.declaration, asked) if asked else plan.declaration
    gone = _("This record is gone, or not yours to change.")
    try:
        key = UUID(text)
    except ValueError:
        raise Missing(gone) from None
    if not access.rows(principal, target.name).filter(pk=key).exists():
        raise Missing(gone)
    return key


def _refuse(run: ImportRun, row: Parsed) -> None:
    """Take all of it back where the row failed after all: it stays in the list. Raises Rejected."""
    failed = run.problems.filter(number=row.number, kind=ImportProblem.Sort.FAILED).first()
    if failed is not None:
        raise Rejected({"": failed.reason})
