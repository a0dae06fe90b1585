"""Everything as a job: the ZIP is made by the worker and kept for a week."""

from __future__ import annotations

from time import monotonic
from typing import Any
from uuid import UUID

from django.http import Http404, QueryDict
from django.utils import timezone

from rapport.accounts.models import Workspace
from rapport.accounts.principals import Principal
from rapport.records.jobs import Report, register
from rapport.records.models import Job
from rapport.records.reading import context_for
from rapport.records.surfaces.export.everything import size_of, write_everything
from rapport.records.surfaces.export.job import file_of, whole_file
from rapport.records.surfaces.export.options import read_options

KIND = "export_all"


@register(KIND)
def run_export_all(job: Job, principal: Principal, report: Report) -> dict[str, Any]:
    """Write all that the asker may take out now; a second run writes it anew."""
    options = read_options(QueryDict(job.arguments["query"]))
    context = context_for(principal, Workspace.objects.get())
    total, began, path = size_of(principal, context), monotonic(), file_of(job)
    path.parent.mkdir(parents=True, exist_ok=True)

    def tell(rows: int) -> None:
        report(rows, max(total, rows), rows / (monotonic() - began + 1e-9))

    with whole_file(path) as file:
        ip = job.arguments.get("ip")
        rows = write_everything(file, principal, context, options, through="job", ip=ip, told=tell)
    today = timezone.now().astimezone(context.timezone).date()
    return {
        "url": f"/export/{job.pk}/",
        "name": f"rapport-{today.isoformat()}.zip",
        "content_type": "application/zip",
        "rows": sum(rows.values()),
        "objects": rows,
        "bytes": path.stat().st_size,
    }


def all_made_for(principal: Principal, job_id: UUID) -> Job:
    """The finished export of everything that this principal asked for. Raises Http404."""
    job = Job.objects.filter(
        pk=job_id, kind=KIND, user=principal.user_id, state=Job.State.DONE
    ).first()
    if job is None or not file_of(job).exists():
        raise Http404
    return job
