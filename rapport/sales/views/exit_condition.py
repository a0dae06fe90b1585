"""When a deal may leave a stage, built of parts and counted with the eyes of whoever builds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import HttpResponse, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from rapport.accounts.request import Request
from rapport.records import access, registry
from rapport.records.conditions import ConditionError, Group, from_json, to_json
from rapport.records.kinds import Invalid
from rapport.records.store import change
from rapport.records.surfaces.building.hosting import Host, build_in, count_in, with_condition
from rapport.records.surfaces.editable import check_editable
from rapport.records.surfaces.listing.state import read_state
from rapport.records.surfaces.pages import page_context
from rapport.records.surfaces.redirects import send_to
from rapport.records.surfaces.seen import Seen, look_at
from rapport.ui.toasts import toast_after_redirect

FIELD = "exit_when"


@never_cache
@require_http_methods(["GET", "POST"])
def build(request: Request, stage_id: UUID) -> HttpResponse:
    """The condition as parts to change; applied it holds for the next move of a deal."""
    return build_in(request, _host(request, stage_id))


@never_cache
@require_POST
def count(request: Request, stage_id: UUID) -> HttpResponse:
    """How many deals, of those that one sees, meet the parts."""
    return count_in(request, _host(request, stage_id))


def _host(request: Request, stage_id: UUID) -> Host:
    """Raises Denied and Missing where the condition is not one's to change."""
    principal = request.principal
    check_editable(principal, "stage", stage_id)
    access.check(principal, "view", "deal")
    if FIELD not in access.fields(principal, "stage").editable:
        raise access.Denied(_("This field is not yours to change."))
    seen = look_at(request, registry.get("stage"), stage_id, ["label", FIELD])
    state = read_state(QueryDict(), registry.get("deal"), page_context(request), views=())
    return Host(
        with_condition(state, _present(seen.values.get(FIELD))),
        reverse("stage_exit", args=[stage_id]),
        seen.url,
        lambda condition: _keep(request, seen, condition),
        is_page=True,
        title=_("“%(stage)s” is left once") % {"stage": seen.name},
        of_nothing=_("No condition yet, so every deal may go on."),
    )


def _keep(request: Request, seen: Seen, condition: Group) -> HttpResponse:
    tree: Mapping[str, Any] = to_json(condition) if condition.parts else {}
    try:
        value = seen.declaration.fields[FIELD].parse(dict(tree), seen.context)
    except Invalid as fault:
        toast_after_redirect(request, str(fault), is_error=True)
        return send_to(request, reverse("stage_exit", args=[seen.id]))
    title = _("Condition of “%(stage)s”") % {"stage": seen.name}
    with change(request.principal, via="web", title=title) as made:
        made.update("stage", seen.id, {FIELD: value})
    toast_after_redirect(request, _("Saved. It holds from the next move."), f"/undo/{made.id}/")
    return send_to(request, seen.url)


def _present(tree: Any) -> Group:
    """Nothing where there is none, or it can't be asked any more."""
    try:
        found = from_json(tree or {})
    except ConditionError:
        return Group()
    return found if isinstance(found, Group) else Group((found,))
