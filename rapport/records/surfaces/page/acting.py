"""A declared action done with one record: at once, or after its form was filled in."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from rapport.accounts.request import Request
from rapport.records import access
from rapport.records.declare import Action, Object
from rapport.records.forms.draft import Draft, learn
from rapport.records.forms.posted import read_posted
from rapport.records.kinds.base import Kind
from rapport.records.store import Rejected
from rapport.records.surfaces.page.header import action_of
from rapport.records.surfaces.redirects import own_address, send_to
from rapport.records.surfaces.seen import Seen, look_at
from rapport.ui.toasts import toast_after_redirect

#: What a form sends besides: the fields that a refusal, or an address, made it ask for.
ALSO = "_also"


@require_http_methods(["GET", "POST"])
def act(request: Request, declaration: type[Object], record_id: UUID, name: str) -> HttpResponse:
    """Show the form of an action (GET) or do it (POST)."""
    action = action_of(declaration, name)
    if action is None:
        raise Http404
    seen = look_at(request, declaration, record_id, [declaration.title])
    if seen.is_trashed or not seen.may(action.needs):
        raise access.Denied(_("This record is not yours to change."))
    sent = request.POST if request.method == "POST" else request.GET
    more = _more(seen, action, sent.getlist(ALSO))
    kinds = _kinds(action, declaration) | more
    draft = Draft(declaration, seen.context, kinds, {}, "a")
    draft.values = {name: kind.initial() for name, kind in kinds.items()}
    if request.method == "GET":
        draft.values |= read_posted(sent, more, seen.context).values
        learn(more, draft.values, seen.context)
        return _ask(request, seen, action, draft)
    return _do(request, seen, action, draft)


def _kinds(action: Action, declaration: type[Object]) -> dict[str, Kind]:
    made = {}
    for name, kind in action.form.items():
        made[name] = copy.copy(kind)
        made[name].bind(name, declaration)
    return made


def _more(seen: Seen, action: Action, names: Iterable[str]) -> dict[str, Kind]:
    """Fields of the record that an action writes besides, of those that the reader may edit."""
    if not action.takes_more:
        return {}
    editable = access.fields(seen.context.principal, seen.declaration.name).editable
    wanted = [name for name in names if name in editable and name not in action.form]
    return {name: seen.declaration.fields[name] for name in wanted}


def _ask(
    request: Request, seen: Seen, action: Action, draft: Draft, status: int = 200
) -> HttpResponse:
    answer = render(
        request,
        "records/page/action.html",
        {
            "declaration": seen.declaration,
            "seen": seen,
            "action": action,
            "draft": draft,
            "fields": draft.fields.values(),
            "also": [name for name in draft.kinds if name not in action.form],
            "dialog_action": request.get_full_path(),
            "draft_key": f"{seen.declaration.name}:{seen.id}:{action.name}",
        },
        status=status,
    )
    # A button that asks for nothing has no place of its own to show what was refused.
    answer["HX-Retarget"], answer["HX-Reswap"] = "#dialog", "innerHTML"
    return answer


def _do(request: Request, seen: Seen, action: Action, draft: Draft) -> HttpResponse:
    values: Mapping[str, Any] = draft.read(request.POST).values
    if action.applies is not None and not action.applies(seen.record):
        draft.errors[""] = _("This can't be done with it as it is now. Reload the page.")
    if draft.errors:
        return _ask(request, seen, action, draft, status=422)
    try:
        done = action.run(request.principal, [seen.id], values)
    except Rejected as refused:
        more = _more(seen, action, refused.fields)
        draft.kinds = {**draft.kinds, **more}
        draft.errors |= refused.fields
        return _ask(request, seen, action, draft, status=422)
    change_set = getattr(done, "id", done)
    undo = f"/undo/{change_set}/" if isinstance(change_set, UUID) else ""
    text = _("%(action)s: %(name)s") % {"action": action.label, "name": seen.name}
    toast_after_redirect(request, text, undo)
    # What makes another record leads there.
    url = getattr(done, "url", "") or own_address(request.GET.get("next", ""), seen.url)
    return send_to(request, url)
