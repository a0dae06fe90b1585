"""Records as files for programs: asked for, made by a job, fetched."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse, QueryDict
from django.utils.translation import gettext as _

from rapport.accounts.addresses import client_ip
from rapport.accounts.request import Request
from rapport.records import access
from rapport.records.declare import Object
from rapport.records.jobs import enqueue
from rapport.records.models import Job
from rapport.records.reading import count
from rapport.records.reading.selection import read_selection
from rapport.records.surfaces.api.bodies import read_object
from rapport.records.surfaces.api.collection import check_parameters
from rapport.records.surfaces.api.documents import answer_json
from rapport.records.surfaces.api.imports import check_not_too_many
from rapport.records.surfaces.api.problems import refuse_field
from rapport.records.surfaces.export.everything import exportable
from rapport.records.surfaces.export.everything_job import KIND
from rapport.records.surfaces.export.fetching import address_of_export, fetched
from rapport.records.surfaces.export.options import BadOption, read_options
from rapport.records.surfaces.export.rows import usual_columns
from rapport.records.surfaces.pages import page_context
from rapport.records.surfaces.signed import download_facts
from rapport.records.views.asking import with_view

EVERYTHING = "everything"
FORM = ("format", "delimiter", "bom", "header", "links")
ASKED = ("where", "filter", "q", "sort", "columns", "view")


def create_export(request: Request) -> HttpResponse:
    """Let a job write the records of an `object`, or of `everything`, into a file of a `format`:
    those that meet `where`, `filter`, `q` or a `view`, in the order `sort`, with `columns`.

    Answers 202 with the job to be watched; its file is at `file` when it is done.
    """
    body = read_object(request)
    for name in body.keys() - {"object", *FORM, *ASKED}:
        raise refuse_field(name[:60], _("This field can't be set."))
    pairs = [(name, _text(name, body[name])) for name in body if name != "object"]
    query = QueryDict(urlencode(pairs))
    try:
        read_options(query)
    except BadOption as fault:
        raise refuse_field(fault.field, str(fault)) from None
    if body.get("object") == EVERYTHING:
        return _begin_all(request, query)
    return _begin(request, _declared(request, body.get("object")), query)


def _begin(request: Request, declaration: type[Object], query: QueryDict) -> HttpResponse:
    access.check(request.principal, "export", declaration.name)
    context = page_context(request)
    query = with_view(query, declaration, context)
    selection = read_selection(query, declaration, context, usual_columns(declaration))
    selection.check_order(count(selection.rows("export")))
    check_not_too_many(request)
    title = _("Export %(objects)s") % {"objects": declaration.label_plural}
    return _accepted(
        enqueue(
            request.principal, "export", title, object=declaration.name, query=query.urlencode(),
            ip=client_ip(request),
        )
    )  # fmt: skip


def _begin_all(request: Request, query: QueryDict) -> HttpResponse:
    for name in ASKED:
        if name in query:
            raise refuse_field(name, _("Everything is everything: leave this out."))
    if not exportable(request.principal):
        raise access.Denied(_("Your role does not allow to export anything."))
    check_not_too_many(request)
    words = {name: query[name] for name in FORM if name in query}
    title, ip = _("Export everything"), client_ip(request)
    return _accepted(enqueue(request.principal, KIND, title, query=urlencode(words), ip=ip))


def _accepted(job: Job) -> HttpResponse:
    place = f"/api/v1/jobs/{job.pk}"
    answer = {"job": str(job.pk), "file": f"/api/v1/exports/{job.pk}/file"}
    return answer_json(answer, 202, Location=place)


def get_export_file(request: Request, job_id: UUID) -> HttpResponse:
    """Where the file lies that a job of one's own has made; 404 until it is done, and after a
    week."""
    check_parameters(request.GET, frozenset())
    job = fetched(request.principal, job_id)
    facts = {
        "name": job.result["name"],
        "content_type": job.result["content_type"],
        "size": job.result["bytes"],
    }
    return answer_json(facts | download_facts(*address_of_export(job.pk, request.principal)))


def _declared(request: Request, name: Any) -> type[Object]:
    for one in access.visible_objects(request.principal):
        if name in (one.plural, one.name):
            return one
    raise refuse_field("object", _("There is no such object."))


def _text(name: str, value: Any) -> str:
    """A parameter as an address has it. Raises Problem."""
    if isinstance(value, bool):
        return "1" if value else "0"
    if name == "columns" and isinstance(value, list):
        return ",".join(str(one) for one in value)
    if name in ("where", "filter") and isinstance(value, dict):
        return json.dumps(value)
    if not isinstance(value, str):
        raise refuse_field(name, _("This is a text."))
    return value
