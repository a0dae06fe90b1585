"""Ask any number why: what made a computed value, when and by which rule."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from rapport.accounts.request import Request
from rapport.records.declare import Object
from rapport.records.kinds.other import Why
from rapport.records.surfaces.pages import moment_words
from rapport.records.surfaces.seen import look_at


@require_GET
def why(request: Request, declaration: type[Object], record_id: UUID, name: str) -> HttpResponse:
    """What stands behind the value of one computed field of one record."""
    kind = declaration.fields.get(name)
    explain = getattr(kind, "why", None)
    seen = look_at(request, declaration, record_id, [declaration.title, name] if kind else [])
    if kind is None or explain is None or name not in seen.values:
        raise Http404
    told = explain(request.principal, record_id)
    if isinstance(told, str):
        told = Why(told)
    answer = {
        "declaration": declaration,
        "seen": seen,
        "label": kind.label,
        "shown": kind.show(seen.values[name], seen.context),
        "why": told,
        "at": moment_words(told.at, seen.context) if told and told.at else "",
    }
    return render(request, "records/why/why.html", answer)
