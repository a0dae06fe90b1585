"""Large exports, made by the worker and kept for a week."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from secrets import token_hex
from time import monotonic
from typing import IO, Any
from uuid import UUID

from django.conf import settings
from django.http import Http404, QueryDict
from django.utils import timezone
from procrastinate.contrib.django import app

from rapport.accounts.models import Workspace
from rapport.accounts.principals import Principal
from rapport.records import access, registry
from rapport.records.declare import Object
from rapport.records.jobs import Report, register
from rapport.records.models import Job
from rapport.records.reading import context_for, count
from rapport.records.reading.selection import read_selection
from rapport.records.surfaces.export.files import FORMATS, file_chunks, file_name
from rapport.records.surfaces.export.options import read_options
from rapport.records.surfaces.export.readlog import logged_export
from rapport.records.surfaces.export.rows import usual_columns

KEPT = timedelta(days=7)


@register("export")
def run_export(job: Job, principal: Principal, report: Report) -> dict[str, Any]:
    """Write the file with the rights its asker has now; a second run writes it anew."""
    declaration = registry.get(job.arguments["object"])
    access.check(principal, "export", declaration.name)
    query = QueryDict(job.arguments["query"])
    options = read_options(query)
    workspace = Workspace.objects.get()
    context = context_for(principal, workspace)
    selection = read_selection(query, declaration, context, usual_columns(declaration))
    total = count(selection.rows("export")).value
    asked, ip = job.arguments["query"], job.arguments.get("ip")
    began = monotonic()
    path = file_of(job)
    path.parent.mkdir(parents=True, exist_ok=True)
    with (
        whole_file(path) as file,
        logged_export(selection, options, through="job", asked=asked, ip=ip) as taken,
    ):

        def note(rows: int) -> None:
            taken.count(rows)
            report(taken.rows, max(total, taken.rows), taken.rows / (monotonic() - began + 1e-9))

        for chunk in file_chunks(selection, options, note):
            file.write(chunk)
    return {
        "url": f"{declaration.url()}export/{job.pk}/",
        "name": file_name(selection, options),
        "content_type": FORMATS[options.format].content_type,
        "rows": taken.rows,
        "bytes": path.stat().st_size,
    }


@contextmanager
def whole_file(path: Path) -> Iterator[IO[bytes]]:
    """A file that is there when it has come to its end, and takes no room when it has not.

    Each try has its own: one that was paused writes into nobody's after it.
    """
    for left in path.parent.glob(f"{path.name}.*"):
        left.unlink(missing_ok=True)
    part = path.with_name(f"{path.name}.{token_hex(4)}")
    try:
        with part.open("wb") as file:
            yield file
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def made_for(principal: Principal, declaration: type[Object], job_id: UUID) -> Job:
    """The finished export that this principal asked for. Raises Http404."""
    job = Job.objects.filter(
        pk=job_id, kind="export", user=principal.user_id, state=Job.State.DONE
    ).first()
    if job is None or job.arguments["object"] != declaration.name or not file_of(job).exists():
        raise Http404
    return job


def file_of(job: Job) -> Path:
    """Where the file of a job lies; its name is ours alone."""
    return Path(settings.MEDIA_ROOT) / "exports" / str(job.pk)


@app.periodic(cron="37 3 * * *")
@app.task(name="records.forget_exports", queue="maintenance")
def forget_exports(timestamp: int) -> None:
    """Remove files that were made a week ago."""
    oldest = (timezone.now() - KEPT).timestamp()
    for path in (Path(settings.MEDIA_ROOT) / "exports").glob("*"):
        if path.stat().st_mtime < oldest:
            path.unlink(missing_ok=True)
