"""Imports as programs see them."""

from __future__ import annotations

from typing import Any

from rapport.records.imports.running.plan import KNOWN
from rapport.records.models import ImportRun, ImportSet, Job

COUNTERS = ("created", "updated", "skipped", "failed", "review", "partial", "related")


def set_document(made: ImportSet) -> dict[str, Any]:
    """An import: its files in their order, those that bring nothing, and how far it is."""
    undo = f"/api/v1/history/{made.change_set}/undo" if made.change_set else None
    return {
        "id": str(made.pk),
        "name": made.name,
        "program": made.program,
        "match": made.policy,
        "state": made.state,
        "dry_run": made.is_dry_run,
        "check_of": made.check_of_id and str(made.check_of_id),
        "progress": _progress(made),
        "files": [_file(made, run) for run in made.runs.order_by("turn", "pk")],
        "left": [{"file": one["name"], "why": one["why"]} for one in made.left],
        "change_set": made.change_set and str(made.change_set),
        "undo": None if made.is_dry_run else undo,
        "created_at": made.created_at,
        "finished_at": made.finished_at,
    }


def _progress(made: ImportSet) -> dict[str, Any] | None:
    job = Job.objects.filter(pk=made.job).first() if made.job else None
    if job is None:
        return None
    rows = job.result.get("rows") if isinstance(job.result, dict) else None
    return {
        "job": str(job.pk),
        "state": job.state,
        "percent": job.percent,
        "seconds_left": job.seconds_left,
        "rows": rows,
        "error": job.error,
    }


def _file(made: ImportSet, run: ImportRun) -> dict[str, Any]:
    counts = {name: getattr(run, name) for name in COUNTERS}
    problems = f"/api/v1/imports/{made.pk}/files/{run.pk}/problems"
    return counts | {
        "id": str(run.pk),
        "file": run.filename,
        "object": run.object,
        "included": not run.is_left_out,
        "only_ties": run.policy == KNOWN,
        "rows": run.position if run.finished_at else run.rows,
        "mapping": {one["column"]: one["field"] for one in run.mapping},
        "means": {one["column"]: one["values"] for one in run.mapping if one.get("values")},
        "left_out": run.left_out,
        "notes": run.notes,
        "error": run.error,
        "problems": problems if run.failed or run.review or run.partial else None,
    }
