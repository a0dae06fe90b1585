"""While a new record is typed: is it here already?"""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from rapport.accounts.request import Request
from rapport.records import access
from rapport.records.declare import Object
from rapport.records.duplicates.look_ups import Similar, find_similar
from rapport.records.forms.draft import Draft, editable_kinds, posted_names
from rapport.records.kinds.base import Title
from rapport.records.surfaces.pages import page_context


@dataclass(frozen=True, slots=True)
class Shown:
    """A record that may be the same, and why, in words."""

    title: Title
    reason: str


@require_POST
def similar(request: Request, declaration: type[Object]) -> HttpResponse:
    """Records like what the form holds so far. What can't be taken yet is left out."""
    access.check(request.principal, "create", declaration.name)
    context = page_context(request)
    names = posted_names(request.POST, declaration.fields)
    draft = Draft(declaration, context, editable_kinds(context, declaration, names), {})
    values = draft.read(request.POST).values
    found = find_similar(request.principal, declaration, values, is_typing=True)
    references = [(declaration.name, one.id) for one in found]
    titles = access.titles(request.principal, references, request.principal.language)
    shown = [Shown(titles[one.id], reason(declaration, one)) for one in found if one.id in titles]
    return render(
        request, "records/duplicates/_similar.html", {"shown": shown, "declaration": declaration}
    )


def reason(declaration: type[Object], one: Similar) -> str:
    """Why a record is shown: same email, same phone; similar name."""
    labels = ", ".join(str(declaration.fields[name].label).lower() for name in one.fields)
    if one.is_sure:
        return _("same %(fields)s") % {"fields": labels}
    return _("similar %(fields)s") % {"fields": labels}
