"""Saving what a list shows as a view, and what one does with a view that is there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from rapport.accounts.queries import roles
from rapport.accounts.request import Request
from rapport.records import access
from rapport.records.declare import Object
from rapport.records.models.saved_view import AUDIENCES
from rapport.records.store import Conflict, Missing, Rejected, change
from rapport.records.surfaces.listing.arranging import layout_words
from rapport.records.surfaces.listing.chips import chips
from rapport.records.surfaces.listing.state import ListState, read_state
from rapport.records.surfaces.pages import page_context
from rapport.records.surfaces.redirects import send_to
from rapport.records.views.checking import OBJECT, may_share
from rapport.records.views.choosing import CHOICES, choose
from rapport.records.views.definition import LAYOUTS, to_values
from rapport.records.views.reading import PAGES, View, as_seen, may_edit, views_of
from rapport.ui.toasts import toast_after_redirect

LONGEST_NAME = 100


@require_http_methods(["GET", "POST"])
def create_view(request: Request, declaration: type[Object]) -> HttpResponse:
    """Save the list, as `_state` describes it, as a view of one's own or with others."""
    if declaration.name == OBJECT:
        raise Missing
    access.check(request.principal, "view", declaration.name)
    access.check(request.principal, "create", OBJECT)
    state = _state(request, declaration)
    if request.method == "GET":
        return _form(request, state, None, {})
    values = _posted(request, None) | to_values(state.definition)
    values["object"] = declaration.name
    if not values["name"]:
        return _form(request, state, None, _nameless())
    try:
        with change(
            request.principal, via="web", title=_title(_("Save view %(name)s"), values)
        ) as made:
            key = made.create(OBJECT, values)
    except Rejected as refused:
        return _form(request, state, None, refused.fields)
    if request.POST.get("is_default"):
        choose(request.principal, key, "default", is_on=True)
    toast_after_redirect(request, _("View saved"), f"/undo/{made.id}/")
    return send_to(request, _url(declaration, key, state.definition.layout))


@require_http_methods(["GET", "POST"])
def edit_view(request: Request, declaration: type[Object], view_id: UUID) -> HttpResponse:
    """Name, readers and description of a view."""
    view = _view(request, declaration, view_id)
    if not may_edit(request.principal, view):
        raise access.Denied(_("This view is not yours to change. Save it as your own."))
    state = _state(request, declaration)
    if request.method == "GET":
        return _form(request, state, view, {})
    values = _differing(_posted(request, view), view)
    if values.get("name") == {}:
        return _form(request, state, view, _nameless())
    if not values:
        return send_to(request, _url(declaration, view.id, view.definition.layout))
    name = {"name": view.label(get_language() or "en")}
    try:
        with change(request.principal, via="web", title=_("Edit view %(name)s") % name) as made:
            made.update(OBJECT, view.id, values)
    except Rejected as refused:
        return _form(request, state, view, refused.fields)
    toast_after_redirect(request, _("View saved"), f"/undo/{made.id}/")
    return send_to(request, _url(declaration, view.id, view.definition.layout))


@require_POST
def save_view(request: Request, declaration: type[Object], view_id: UUID) -> HttpResponse:
    """Keep in the view what `_state` shows now."""
    view = _view(request, declaration, view_id)
    state = _state(request, declaration)
    if as_seen(view, declaration, state.context)[0] is not view:
        # What its reader does not see would be gone for everybody.
        raise access.Denied(_("Parts of this view are not yours to see. Save it as your own."))
    before = to_values(view.definition)
    values = {
        field: value
        for field, value in to_values(state.definition).items()
        if value != before[field]
    }
    name = {"name": view.label(get_language() or "en")}
    try:
        with change(request.principal, via="web", title=_("Save view %(name)s") % name) as made:
            made.update(OBJECT, view.id, values, version=_version(request))
    except Conflict as clash:
        text = _("%(who)s changed this view meanwhile. Look at it, then save it again.")
        toast_after_redirect(request, text % {"who": clash.who}, is_error=True)
        return send_to(request, state.url())
    toast_after_redirect(request, _("View saved"), f"/undo/{made.id}/")
    return send_to(request, _url(declaration, view.id, state.definition.layout))


def _version(request: Request) -> int | None:
    """The version of the view that the page showed."""
    text = request.POST.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


@require_POST
def choose_view(request: Request, declaration: type[Object], view_id: UUID) -> HttpResponse:
    """Make the view one's tab, favourite or default (`what`), or no longer so (`on=`)."""
    view = _view(request, declaration, view_id)
    what = request.POST.get("what", "")
    if what in CHOICES:
        choose(request.principal, view.id, what, is_on=request.POST.get("on") == "1")
    back = request.POST.get("next", "")
    is_own = back.startswith(declaration.url())
    return send_to(request, back if is_own else _url(declaration, view.id, view.definition.layout))


@require_POST
def delete_view(request: Request, declaration: type[Object], view_id: UUID) -> HttpResponse:
    """Move the view to the trash."""
    view = _view(request, declaration, view_id)
    name = {"name": view.label(get_language() or "en")}
    with change(request.principal, via="web", title=_("Delete view %(name)s") % name) as made:
        if not made.trash(OBJECT, [view.id]):
            raise access.Denied(_("This view is not yours to delete."))
    toast_after_redirect(request, _("View moved to the trash"), f"/undo/{made.id}/")
    return send_to(request, declaration.url())


def _view(request: Request, declaration: type[Object], view_id: UUID) -> View:
    views = views_of(request.principal, declaration.name)
    found = next((one for one in views if one.id == view_id), None)
    if found is None:
        raise Missing(_("This view is gone, or not yours to see."))
    return found


def _state(request: Request, declaration: type[Object]) -> ListState:
    """The list that is to be saved, in the layout it was seen in."""
    data = request.POST if request.method == "POST" else request.GET
    query = QueryDict(data.get("_state", ""))
    layout = data.get("_layout", "table")
    views = views_of(request.principal, declaration.name)
    return read_state(
        query, declaration, page_context(request), views=views,
        layout=layout if layout in LAYOUTS else "table",
    )  # fmt: skip


def _posted(request: Request, view: View | None) -> dict[str, Any]:
    """What the form says of the view, by field."""
    data = request.POST
    tongue = (get_language() or "en").split("-")[0]
    name = data.get("name", "").strip()[:LONGEST_NAME]
    before = dict(view.name) if view else {}
    audience = data.get("audience", "me")
    values: dict[str, Any] = {
        "name": {**before, tongue: name} if name else {},
        "description": data.get("description", "").strip()[:500],
        "audience": audience if audience in AUDIENCES else "me",
        "is_tab": data.get("is_tab") == "1",
    }
    if "_roles" in data:
        values["default_roles"] = list(dict.fromkeys(data.getlist("roles")))
    return values


def _nameless() -> dict[str, str]:
    return {"name": _("Give the view a name, so that you find it again.")}


def _differing(values: Mapping[str, Any], view: View) -> dict[str, Any]:
    """What was changed; whoever may edit a view but not share it this widely leaves that alone."""
    before: dict[str, Any] = {
        "name": dict(view.name),
        "description": view.description,
        "audience": view.audience,
        "is_tab": view.is_tab_for_all,
        "default_roles": sorted(view.roles),
    }
    if "default_roles" in values:
        values = {**values, "default_roles": sorted(values["default_roles"])}
    return {name: value for name, value in values.items() if value != before[name]}


def _title(text: str, values: Mapping[str, Any]) -> str:
    return text % {"name": next(iter(values["name"].values()), "")}


def _url(declaration: type[Object], view_id: UUID, layout: str) -> str:
    return f"{declaration.url()}{PAGES.get(layout, '')}?view={view_id}"


def _form(
    request: Request, state: ListState, view: View | None, faults: Mapping[str, str]
) -> HttpResponse:
    declaration, principal = state.declaration, request.principal
    data = request.POST if request.method == "POST" else None
    language = state.context.language
    audience = data.get("audience", "me") if data else (view.audience if view else "me")
    chosen = set(data.getlist("roles")) if data else set(view.roles if view else ())
    may_lead = may_share(principal, "everyone")
    answer = {
        "declaration": declaration,
        "view": view,
        "action": f"{declaration.url()}views/{view.id if view else 'new'}/",
        "state_query": (data or request.GET).get("_state", ""),
        "layout": state.definition.layout,
        "layout_words": layout_words(state.definition.layout),
        "name": data.get("name", "") if data else (view.label(language) if view else ""),
        "description": data.get("description", "") if data else (view.description if view else ""),
        "is_tab": data.get("is_tab") == "1" if data else (view.is_tab_for_all if view else True),
        "audiences": [
            (key, str(label), key == audience, may_share(principal, key))
            for key, label in ((one, AUDIENCES[one]) for one in ("me", "team", "everyone"))
        ],
        "roles": [
            (one.key, one.label(language), one.key in chosen)
            for one in (roles() if may_lead else ())
        ],
        "rules": len(state.rules),
        "chips": chips(state),
        "faults": faults,
        "fault": next((text for name, text in faults.items() if name != "name"), ""),
    }
    template = "_view_dialog" if request.htmx else "view"
    status = 422 if faults else 200
    return render(request, f"records/listing/{template}.html", answer, status=status)
