"""The page action that hands a list over as a file."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlencode
from uuid import UUID

from django.http import (
    HttpResponse,
    HttpResponseRedirect,
    QueryDict,
    StreamingHttpResponse,
)
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from rapport.accounts.addresses import client_ip
from rapport.accounts.request import Request
from rapport.records import access
from rapport.records.conditions import ConditionError
from rapport.records.declare import Object
from rapport.records.jobs import enqueue
from rapport.records.reading import SortRefused, count
from rapport.records.reading.selection import Selection, UnknownColumn, read_selection
from rapport.records.surfaces.export.fetching import address_of_export, fetched
from rapport.records.surfaces.export.files import FORMATS, file_chunks, file_name
from rapport.records.surfaces.export.job import made_for
from rapport.records.surfaces.export.options import BadOption, Options, read_options
from rapport.records.surfaces.export.readlog import logged_export
from rapport.records.surfaces.export.rows import usual_columns
from rapport.records.surfaces.pages import page_context
from rapport.records.views.asking import with_view

MOST_AT_ONCE = 50_000
#: What an address says of the file rather than of the records in it.
SHAPE = ("columns", "sort", "format", "delimiter", "bom", "header", "links")
REFUSALS = (BadOption, ConditionError, SortRefused, UnknownColumn)


@require_http_methods(["GET", "POST"])
def export_list(request: Request, declaration: type[Object]) -> HttpResponseBase:
    """The list that the address describes, as a file; a large one is made by a job.

    A POST may name ticked records by `id`: they would not fit into an address.
    """
    access.check(request.principal, "export", declaration.name)
    try:
        query = with_view(_query(request), declaration, page_context(request))
        options = read_options(query)
        usual = usual_columns(declaration)
        selection = read_selection(query, declaration, page_context(request), usual)
        total = count(selection.rows("export"))
        selection.check_order(total)
    except REFUSALS as fault:
        answer = {"declaration": declaration, "fault": str(fault)}
        return render(request, "records/export/refused.html", answer, status=422)
    # The library that writes Parquet is heavy: the worker has it, a web process does without.
    if total.value > MOST_AT_ONCE or options.format == "parquet":
        return _start_job(request, declaration, query)
    return _stream(request, selection, options, query.urlencode())


def _query(request: Request) -> QueryDict:
    """The address; of ticked records those and no others, however the list was found."""
    ids = request.POST.getlist("id")
    if not ids or request.POST.get("all"):
        return request.GET
    shape = [(name, request.GET[name]) for name in SHAPE if name in request.GET]
    return QueryDict(urlencode([*shape, ("id.any", ",".join(ids))]))


def _stream(
    request: Request, selection: Selection, options: Options, asked: str
) -> StreamingHttpResponse:
    def chunks() -> Iterator[bytes]:
        ip = client_ip(request)
        with logged_export(selection, options, through="web", asked=asked, ip=ip) as taken:
            yield from file_chunks(selection, options, taken.count)

    response = StreamingHttpResponse(chunks(), content_type=FORMATS[options.format].content_type)
    return _as_attachment(response, file_name(selection, options))


def _as_attachment(response: StreamingHttpResponse, name: str) -> StreamingHttpResponse:
    """The answer as a file to save, kept by nobody on the way."""
    response.headers["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _start_job(
    request: Request, declaration: type[Object], query: QueryDict
) -> HttpResponseRedirect:
    title = _("Export %(objects)s") % {"objects": declaration.label_plural}
    job = enqueue(
        request.principal,
        "export",
        title,
        object=declaration.name,
        query=query.urlencode(),
        ip=client_ip(request),
    )
    return HttpResponseRedirect(f"/jobs/{job.pk}/")


@require_http_methods(["GET"])
def show_ready(request: Request, declaration: type[Object], job_id: UUID) -> HttpResponse:
    """The page that a finished export leads to."""
    job = made_for(request.principal, declaration, job_id)
    return render(request, "records/export/ready.html", {"declaration": declaration, "job": job})


@never_cache
@require_http_methods(["GET"])
def download(request: Request, declaration: type[Object], job_id: UUID) -> HttpResponse:
    """Lead to the file a job has made, for who asked for it."""
    job = fetched(request.principal, made_for(request.principal, declaration, job_id).pk)
    return HttpResponseRedirect(address_of_export(job.pk, request.principal)[0])
