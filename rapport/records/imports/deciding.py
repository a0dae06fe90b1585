"""A person's word on a row that the matching left open."""

from __future__ import annotations

from uuid import UUID

from django.db.models import F
from django.utils.translation import gettext as _

from rapport.accounts.models import Workspace
from rapport.accounts.principals import Principal
from rapport.records import registry
from rapport.records.imports.running import plan_of
from rapport.records.imports.running.leftover import problem_of, reason_of
from rapport.records.imports.running.linking import write_links
from rapport.records.imports.running.parsing import RowParser
from rapport.records.imports.running.references import References
from rapport.records.models import ImportLedger, ImportProblem, ImportRun
from rapport.records.reading import context_for
from rapport.records.store import Missing, change

SKIP = "skip"
NEW = "new"


def decide_row(
    principal: Principal, run: ImportRun, problem: ImportProblem, record: str
) -> UUID | None:
    """Write the row into `record` (an id), make it `new`, or `skip` it; the change set, if any.

    Raises store.Missing for an id out of reach.
    """
    if record == SKIP:
        _close(run, problem, "skipped")
        return None
    workspace = Workspace.objects.get()
    context = context_for(principal, currency=workspace.currency, country=workspace.country)
    plan = plan_of(run)
    parsed = RowParser(plan, context).parse(problem.number, list(problem.cells))
    declaration = registry.get(run.object)
    values: dict[str, object] = {}
    with change(
        principal,
        via="import",
        title=_("Row %(n)d of %(file)s") % {"n": problem.number, "file": run.filename},
    ) as made:
        references = References(principal, declaration, plan.lookups)
        references.resolve([parsed], made)
        for name, kind in declaration.fields.items():
            if name in parsed.ways:
                values[name] = parsed.ways[name]
            elif kind.stored and kind.editable and kind.paths and kind.paths[0] in parsed.own:
                values[name] = kind.load([parsed.own.get(path) for path in kind.paths])
        if record == NEW:
            key = made.create(run.object, values)
        else:
            key = _key(record)
            made.update(run.object, key, values)
        ImportLedger.objects.update_or_create(
            fingerprint=parsed.fingerprint, defaults={"record_id": key, "run": run}
        )
        write_links(references, declaration, [parsed], {parsed.number: key}, made)
        _close(run, problem, "created" if record == NEW else "updated")
        if parsed.left:
            reason = reason_of(declaration, parsed.left)
            problem_of(run, parsed, ImportProblem.Sort.PARTIAL, reason, record_id=key).save()
            ImportRun.objects.filter(pk=run.pk).update(partial=F("partial") + 1)
    return made.id


def _key(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Missing(_("This record is gone, or not yours to change.")) from None


def _close(run: ImportRun, problem: ImportProblem, counter: str) -> None:
    problem.delete()
    ImportRun.objects.filter(pk=run.pk).update(review=F("review") - 1, **{counter: F(counter) + 1})
