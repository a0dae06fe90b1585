"""Background work as programs see it: how far it is, and what became of it."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404

from rapport.accounts.request import Request
from rapport.records.models import Job
from rapport.records.surfaces.api.collection import check_parameters
from rapport.records.surfaces.api.documents import answer_json

#: What the result of a job tells; the rest is for the pages of the house.
TOLD = {
    "bulk": ("change_set", "rows", "left", "reasons", "is_broken_off"),
    "undo": ("change_set", "rows", "kept"),
    "undo_preview": (),
}


def show_job(request: Request, job_id: UUID) -> HttpResponse:
    """One's own job; owners see everybody's. 404 for any other."""
    check_parameters(request.GET, frozenset())
    jobs = Job.objects.all()
    if not request.principal.is_owner:
        jobs = jobs.filter(user=request.principal.user_id)
    job = get_object_or_404(jobs, pk=job_id)
    told = TOLD.get(job.kind, ("rows",))
    result = {name: job.result[name] for name in told if name in job.result}
    return answer_json(
        {
            "id": str(job.pk),
            "kind": job.kind,
            "title": job.title,
            "state": job.state,
            "done": job.done,
            "total": job.total,
            "percent": job.percent,
            "seconds_left": job.seconds_left,
            "error": job.error,
            "created_at": job.created_at,
            "finished_at": job.finished_at,
            "result": result,
        }
    )
