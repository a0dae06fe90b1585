"""One's own jobs, and one job with its progress; an owner sees everybody's."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET, require_POST

from rapport.accounts.request import Request
from rapport.records.jobs import retry
from rapport.records.models import Job

MOST = 100


def _mine(request: Request) -> QuerySet[Job]:
    jobs = Job.objects.order_by("-created_at")
    return jobs if request.principal.is_owner else jobs.filter(user=request.principal.user_id)


@require_GET
def show_jobs(request: Request) -> HttpResponse:
    """The latest jobs."""
    jobs = _mine(request).select_related("user")[:MOST]
    return render(request, "records/jobs/jobs.html", {"jobs": jobs})


@require_GET
def show_job(request: Request, job_id: UUID) -> HttpResponse:
    """One job; polled each second while it runs, then the page it leads to."""
    job = get_object_or_404(_mine(request), pk=job_id)
    if job.state == Job.State.DONE and job.result.get("url"):
        url = job.result["url"]
        if not request.htmx:
            return HttpResponseRedirect(url)
        answer = HttpResponse(status=204)
        answer.headers["HX-Redirect"] = url
        return answer
    template = "records/jobs/_job.html" if request.htmx else "records/jobs/job.html"
    return render(request, template, {"job": job})


@require_POST
def retry_job(request: Request, job_id: UUID) -> HttpResponse:
    """Let a failed job try again."""
    retry(get_object_or_404(_mine(request), pk=job_id))
    return HttpResponseRedirect(f"/jobs/{job_id}/")
