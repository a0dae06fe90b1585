"""One verb on many records: assign, edit a field, delete, or an action of the object."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from rapport.accounts.request import Request
from rapport.records import access
from rapport.records.declare import Object
from rapport.records.kinds.base import Invalid, Kind
from rapport.records.store import change
from rapport.records.surfaces.listing.state import read_state
from rapport.records.surfaces.pages import page_context
from rapport.ui.toasts import toast_after_redirect

MOST = 10_000


@require_POST
def bulk(request: Request, declaration: type[Object]) -> HttpResponse:
    """Do one thing with the ticked records, or with the whole view (`all=1`)."""
    verb = request.POST.get("do", "")
    ids = _chosen(request, declaration)
    if not ids:
        messages.warning(request, _("Nothing was selected."))
        return HttpResponseRedirect(_next(request, declaration))
    match verb:
        case "trash":
            return _trash(request, declaration, ids)
        case "assign" | "edit":
            return _edit(request, declaration, ids, verb)
        case "export":
            # The ticked ids go on as they came: they would not fit into an address.
            query = request.POST.get("next", "").partition("?")[2]
            url = f"{declaration.url()}export/?{query}"
            return HttpResponseRedirect(url, preserve_request=True)
    return _action(request, declaration, ids, verb)


def _chosen(request: Request, declaration: type[Object]) -> list[UUID]:
    if request.POST.get("all"):
        query = QueryDict(request.POST.get("next", "").partition("?")[2])
        state = read_state(query, declaration, page_context(request))
        return list(state.rows().values_list("pk", flat=True)[:MOST])
    found = []
    for text in request.POST.getlist("id")[:MOST]:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found


def _next(request: Request, declaration: type[Object]) -> str:
    url = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(url, allowed_hosts=None) and url.startswith("/")
    return url if safe else declaration.url()


def _trash(request: Request, declaration: type[Object], ids: Sequence[UUID]) -> HttpResponse:
    with change(request.principal, via="web", title=_("Delete %(n)d") % {"n": len(ids)}) as made:
        done = made.trash(declaration.name, ids)
    text = ngettext("%(n)d moved to the trash", "%(n)d moved to the trash", done) % {"n": done}
    toast_after_redirect(request, text, f"/undo/{made.id}/")
    return HttpResponseRedirect(_next(request, declaration))


def _editable(request: Request, declaration: type[Object]) -> dict[str, Kind]:
    editable = access.fields(request.principal, declaration.name).editable
    return {
        name: kind
        for name, kind in declaration.fields.items()
        if name in editable and kind.stored and not kind.long and not kind.unique
    }


def _edit(
    request: Request, declaration: type[Object], ids: Sequence[UUID], verb: str
) -> HttpResponse:
    access.check(request.principal, "edit", declaration.name)
    fields = _editable(request, declaration)
    name = "owner" if verb == "assign" else request.POST.get("field", "")
    kind = fields.get(name)
    error = ""
    if kind is not None and "value" in request.POST:
        context = page_context(request)
        try:
            raw: Any = (
                request.POST.getlist("value") if kind.type == "choices" else request.POST["value"]
            )
            value = kind.parse(raw, context)
        except Invalid as problem:
            error = str(problem)
        else:
            return _write(request, declaration, ids, name, value)
    answer = {
        "declaration": declaration,
        "ids": ids,
        "verb": verb,
        "kind": kind,
        "error": error,
        "fields": sorted(
            ((n, str(k.label)) for n, k in fields.items()), key=lambda pair: pair[1].casefold()
        ),
        "input": _input(kind, request) if kind else "",
        "next": _next(request, declaration),
    }
    return render(request, "records/listing/bulk_edit.html", answer, status=422 if error else 200)


def _input(kind: Kind, request: Request) -> Any:
    from django.utils.html import format_html

    return kind.edit(
        None, page_context(request), format_html('id="{}" name="{}"', "bulk-value", "value")
    )


def _write(
    request: Request, declaration: type[Object], ids: Sequence[UUID], name: str, value: Any
) -> HttpResponse:
    label = declaration.fields[name].label
    with change(request.principal, via="web", title=_("Set %(field)s") % {"field": label}) as made:
        done = made.update_many(declaration.name, ids, {name: value})
    text = ngettext("%(field)s set on %(n)d record", "%(field)s set on %(n)d records", done)
    toast_after_redirect(request, text % {"field": label, "n": done}, f"/undo/{made.id}/")
    return HttpResponseRedirect(_next(request, declaration))


def _action(
    request: Request, declaration: type[Object], ids: Sequence[UUID], verb: str
) -> HttpResponse:
    found = next((one for one in declaration.actions if one.name == verb and one.bulk), None)
    if found is None or found.form:
        messages.warning(request, _("This can't be done with many records at once."))
        return HttpResponseRedirect(_next(request, declaration))
    access.check(request.principal, found.needs, declaration.name)
    found.run(request.principal, ids, {})
    messages.success(
        request, _("%(action)s: done for %(n)d.") % {"action": found.label, "n": len(ids)}
    )
    return HttpResponseRedirect(_next(request, declaration))
