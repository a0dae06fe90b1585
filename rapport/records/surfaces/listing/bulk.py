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
from rapport.records.forms import bind_fields, raw_fields, read_posted
from rapport.records.kinds.base import Kind
from rapport.records.reading import count
from rapport.records.reading.sorting import MOST_UNINDEXED
from rapport.records.store import change
from rapport.records.surfaces.listing.state import ListState, read_state
from rapport.records.surfaces.pages import page_context
from rapport.records.views.reading import views_of
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
    if verb != "export":
        ids = _within_reach(request, declaration, ids, verb)
    match verb:
        case "trash":
            return _trash(request, declaration, ids)
        case "assign" | "edit":
            return _edit(request, declaration, ids, verb)
        case "export":
            # The ticked ids go on as they came: they would not fit into an address.
            url = f"{declaration.url()}export/?{_state(request, declaration).plain_query()}"
            return HttpResponseRedirect(url, preserve_request=True)
    return _action(request, declaration, ids, verb)


def _chosen(request: Request, declaration: type[Object]) -> list[UUID]:
    if request.POST.get("all"):
        return _first(_state(request, declaration))
    found = []
    for text in request.POST.getlist("id")[:MOST]:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found


def _first(state: ListState) -> list[UUID]:
    """The records of the list, of a longer one those that stand first."""
    sort = state.sort
    if not sort.indexed and count(state.source()).value > MOST_UNINDEXED:
        # The list was not shown in this order either.
        sort = read_state(QueryDict(), state.declaration, state.context).sort
    sign = "-" if sort.descending else ""
    rows = state.rows().annotate(_key=sort.key).order_by(f"{sign}_key", f"{sign}id")
    return list(rows.values_list("pk", flat=True)[:MOST])


def _state(request: Request, declaration: type[Object]) -> ListState:
    """The list that the records were chosen in."""
    query = QueryDict(request.POST.get("next", "").partition("?")[2])
    views = views_of(request.principal, declaration.name)
    return read_state(query, declaration, page_context(request), views=views)


def _within_reach(
    request: Request, declaration: type[Object], ids: Sequence[UUID], verb: str
) -> list[UUID]:
    """Those that the principal may change together with others, and in this way.

    Raises Denied when there are none.
    """
    access.check(request.principal, "bulk", declaration.name)
    reached = set(ids)
    for action in ("bulk", {"trash": "delete"}.get(verb, "edit")):
        reached &= access.reachable(request.principal, declaration.name, reached, action)
    if not reached:
        raise access.Denied(_("Some of these records are not yours to change."))
    return [one for one in ids if one in reached]


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
    shown, status = None, 200
    if kind is not None:
        kinds, context = {"value": kind}, page_context(request)
        shown = bind_fields(kinds, context, {}, prefix="bulk")["value"]
        if _is_answered(request, name):
            posted = read_posted(request.POST, kinds, context)
            if not posted.errors:
                return _write(request, declaration, ids, name, posted.values["value"])
            typed = raw_fields(kinds, context, posted.raws, prefix="bulk", errors=posted.errors)
            shown, status = typed["value"], 422
    labels = ((name, str(kind.label)) for name, kind in fields.items())
    answer = {
        "declaration": declaration,
        "ids": ids,
        "verb": verb,
        "kind": kind,
        "name": name,
        "fields": sorted(labels, key=lambda pair: pair[1].casefold()),
        "field": shown,
        "next": _next(request, declaration),
    }
    return render(request, "records/listing/bulk_edit.html", answer, status=status)


def _is_answered(request: Request, name: str) -> bool:
    """Whether the value came with the form of this very field; an unticked box sends nothing."""
    if "_for" in request.POST:
        return request.POST["_for"] == name
    return "value" in request.POST


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
