"""What a form that is being filled in asks for, by the rules of administrators' fields."""

from __future__ import annotations

from django.http import HttpResponse, JsonResponse
from django.views.decorators.http import require_POST

from rapport.accounts.request import Request
from rapport.records import access
from rapport.records.declare import Object
from rapport.records.forms import read_posted
from rapport.records.forms.draft import editable_kinds, form_names, posted_names
from rapport.records.metadata.rules import asked_of
from rapport.records.surfaces.pages import page_context


@require_POST
def asked(request: Request, declaration: type[Object]) -> HttpResponse:
    """Fields to hide, fields that must be filled and the choices there are; writes nothing."""
    if not access.may(request.principal, "edit", declaration.name):
        access.check(request.principal, "create", declaration.name)
    context = page_context(request)
    names = posted_names(request.POST, form_names(declaration))
    kinds = editable_kinds(context, declaration, names)
    values = read_posted(request.POST, kinds, context).values
    found = asked_of(declaration, values, context.language)
    return JsonResponse(
        {
            "hidden": sorted(found.hidden & kinds.keys()),
            "required": sorted(found.required & kinds.keys()),
            "choices": {n: sorted(keys) for n, keys in found.choices.items() if n in kinds},
        }
    )
