"""What a form that is being filled in asks for, by the rules of administrators' fields."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import HttpResponse, JsonResponse
from django.views.decorators.http import require_POST

from rapport.accounts.request import Request
from rapport.records import access
from rapport.records.declare import Object
from rapport.records.forms import read_posted
from rapport.records.forms.draft import editable_kinds, posted_names
from rapport.records.metadata.rules import asked_of, begins_with, needed_by, ruled
from rapport.records.reading import read_record
from rapport.records.surfaces.pages import page_context


@require_POST
def asked(request: Request, declaration: type[Object]) -> HttpResponse:
    """Fields to hide, fields that must be filled and the choices there are; writes nothing."""
    if not access.may(request.principal, "edit", declaration.name):
        access.check(request.principal, "create", declaration.name)
    context = page_context(request)
    names = posted_names(request.POST, declaration.fields)
    kinds = editable_kinds(context, declaration, names)
    values = {**_known(request, declaration), **read_posted(request.POST, kinds, context).values}
    found = asked_of(declaration, values, context.language)
    return JsonResponse(
        {
            "hidden": sorted(found.hidden & kinds.keys()),
            "required": sorted(found.required & kinds.keys()),
            "choices": {n: sorted(keys) for n, keys in found.choices.items() if n in kinds},
        }
    )


def _known(request: Request, declaration: type[Object]) -> Mapping[str, Any]:
    """What the form doesn't ask for and a rule may: what the record holds, or begins with."""
    readable = access.fields(request.principal, declaration.name).readable
    needed = {name for kind in ruled(declaration) for name in needed_by(kind)} & readable
    try:
        key = UUID(request.GET.get("record", ""))
    except ValueError:
        return begins_with(declaration)
    row = read_record(
        request.principal, declaration.name, key, needed, page_context(request), titled=False
    )
    return row.values if row else {}
