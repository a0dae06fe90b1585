"""The page on which everything is asked for, and the file when it is there."""

from __future__ import annotations

from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from rapport.accounts.addresses import client_ip
from rapport.accounts.request import Request
from rapport.records import registry
from rapport.records.access import Denied
from rapport.records.jobs import enqueue
from rapport.records.surfaces.export.everything import exportable
from rapport.records.surfaces.export.everything_job import KIND, all_made_for
from rapport.records.surfaces.export.fetching import address_of_export, fetched
from rapport.records.surfaces.export.options import BadOption, read_options


@require_http_methods(["GET", "POST"])
def choose(request: Request) -> HttpResponse:
    """In which form everything is wanted; a job makes it. Raises Denied."""
    objects = exportable(request.principal)
    if not objects:
        raise Denied(_("Your role does not allow to export anything."))
    problem = ""
    if request.method == "POST":
        query = urlencode({"format": request.POST.get("format", "csv")})
        try:
            read_options(QueryDict(query))
        except BadOption as fault:
            problem = str(fault)
        else:
            job = enqueue(
                request.principal, KIND, _("Export everything"), query=query, ip=client_ip(request)
            )
            return HttpResponseRedirect(f"/jobs/{job.pk}/")
    answer = {"objects": objects, "forms": _forms(), "problem": problem}
    return render(request, "records/export/everything.html", answer, status=422 if problem else 200)


def _forms() -> list[tuple[str, str, str]]:
    """(key, name, what it is good for)."""
    return [
        ("csv", "CSV", _("opens in every program and comes back whole.")),
        ("xlsx", "Excel", _("a workbook for each kind of record.")),
        ("jsonl", "JSON Lines", _("for programs: a record a line, as the API gives it.")),
        ("parquet", "Parquet", _("for analysis: columns with their types.")),
    ]


@require_GET
def show_ready(request: Request, job_id: UUID) -> HttpResponse:
    """The page that the finished export leads to."""
    job = all_made_for(request.principal, job_id)
    rows = [(registry.get(name), count) for name, count in job.result["objects"].items() if count]
    return render(request, "records/export/everything_ready.html", {"job": job, "rows": rows})


@never_cache
@require_GET
def download(request: Request, job_id: UUID) -> HttpResponse:
    """Lead to the ZIP, for who asked for it."""
    job = fetched(request.principal, all_made_for(request.principal, job_id).pk)
    return HttpResponseRedirect(address_of_export(job.pk, request.principal)[0])
