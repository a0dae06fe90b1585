"""Imports as jobs of the worker."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from rapport.accounts.models import Workspace
from rapport.accounts.principals import Principal
from rapport.records.access import Denied
from rapport.records.imports.reading import Unreadable
from rapport.records.imports.running import Progress, run_import
from rapport.records.imports.sets.running import SetProgress, run_set
from rapport.records.imports.statistics import learn_anew
from rapport.records.jobs import Report, register
from rapport.records.models import ImportRun, ImportSet, Job
from rapport.records.reading import context_for


@register("import")
def do_import(job: Job, principal: Principal, report: Report) -> dict[str, Any]:
    """Take a file in; after a crash it goes on at the first row that was not committed."""
    run = ImportRun.objects.get(pk=UUID(job.arguments["run"]))
    workspace = Workspace.objects.get()
    context = context_for(principal, workspace)

    def tell(progress: Progress) -> None:
        report(
            progress.run.bytes_done,
            progress.run.bytes_total,
            progress.bytes_rate,
            rows=progress.run.position,
            rows_per_second=round(progress.rate),
        )

    try:
        # A worker that died right behind its last row left no more than the outcome to write.
        if run.state != ImportRun.State.DONE:
            run_import(run, principal, context, tell)
    except (Unreadable, Denied) as problem:
        ImportRun.objects.filter(pk=run.pk).update(state=ImportRun.State.FAILED, error=str(problem))
        raise
    learn_anew()
    return {"url": f"/import/run/{run.pk}/"}


@register("import_set")
def do_import_set(job: Job, principal: Principal, report: Report) -> dict[str, Any]:
    """Take all files of a set in; after a crash it goes on in the file where it was."""
    made = ImportSet.objects.get(pk=UUID(job.arguments["set"]))
    context = context_for(principal, Workspace.objects.get())

    def tell(progress: SetProgress) -> None:
        report(
            progress.done,
            progress.total,
            progress.bytes_rate,
            rows=progress.rows,
            rows_per_second=round(progress.rate),
            file=progress.file,
        )

    run_set(made, principal, context, tell)
    learn_anew()
    return {"url": f"/import/set/{made.pk}/"}
