"""The condition of one rule of a role, built of parts and counted as rules are asked."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from rapport.accounts import actions
from rapport.accounts.models import Grant
from rapport.accounts.principals import RULED, Scope
from rapport.accounts.request import Request
from rapport.records import registry
from rapport.records.conditions import ConditionError, Group, from_json, to_json, to_text
from rapport.records.declare import Object
from rapport.records.kinds import Context
from rapport.records.ruled import context_of_rules
from rapport.records.surfaces.building.hosting import Host, build_in, count_in, with_condition
from rapport.records.surfaces.listing.state import read_state
from rapport.records.surfaces.pages import page_context
from rapport.records.surfaces.redirects import send_to
from rapport.setup.access import owners_only
from rapport.setup.matrix import LABELS
from rapport.setup.trying import would_break
from rapport.ui.toasts import toast_after_redirect


@owners_only
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def build(request: Request, key: str, name: str, action: str) -> HttpResponse:
    """The condition as parts to change; applied it holds at once, unless a permission test would
    break: then it goes back to the page of the role, where one can read why and go on."""
    return build_in(request, _host(request, key, name, action))


@owners_only
@never_cache
@require_POST
def count(request: Request, key: str, name: str, action: str) -> HttpResponse:
    """How many records the rule would reach for whoever builds it."""
    return count_in(request, _host(request, key, name, action))


def _host(request: Request, key: str, name: str, action: str) -> Host:
    grant = _ruled(key, name, action)
    declaration, back = registry.get(name), reverse("setup_role", args=[key])

    def change(tree: Any) -> None:
        others = {one: kept for one, kept in grant.rules.items() if one != action}
        rules = {name: others | ({action: tree} if tree else {})}
        scopes = {name: {action: Scope.RULE.value}}
        actions.change_grants(grant.role, scopes, actions.actor_of(request), rules)

    def apply(condition: Group) -> HttpResponse:
        tree = to_json(condition) if condition.parts else None
        if would_break(request.POST, lambda: change(tree)):
            toast_after_redirect(request, _not_saved(), is_error=True)
            return send_to(request, f"{back}?{_typed(request, declaration, action, condition)}")
        change(tree)
        toast_after_redirect(request, _("Saved. It holds from the next click of everybody."))
        return send_to(request, back)

    state = read_state(QueryDict(), declaration, _eyes(request), views=())
    return Host(
        with_condition(state, _present(grant, action)),
        reverse("setup_role_rule", args=[key, name, action]),
        back, apply, is_page=True, of_nothing=_("No rule yet, so it reaches nothing."),
        title=f"{grant.role}: {declaration.label_plural}, {LABELS[action]}",
    )  # fmt: skip


def _ruled(key: str, name: str, action: str) -> Grant:
    """Raises Http404 where the matrix has no rule."""
    if action not in RULED or not registry.is_declared(name):
        raise Http404
    grants = Grant.objects.select_related("role")
    grant = get_object_or_404(grants, role__key=key, object_name=name)
    if getattr(grant, f"{action}_scope") != Scope.RULE:
        raise Http404
    return grant


def _eyes(request: Request) -> Context:
    """Rules read every field and no private record; `me` is whoever builds."""
    own = request.principal
    eyes = context_of_rules(own.user_id, own.team_user_ids)
    spoken = replace(eyes.principal, language=own.language, locale=own.locale)
    return replace(eyes, principal=spoken, language=own.locale or own.language)


def _present(grant: Grant, action: str) -> Group:
    """Nothing where there is none, or it can't be asked any more."""
    tree = grant.rules.get(action)
    if tree is None:
        return Group()
    try:
        found = from_json(tree)
    except ConditionError:
        return Group()
    return found if isinstance(found, Group) else Group((found,))


def _typed(request: Request, declaration: type[Object], action: str, condition: Group) -> str:
    text = to_text(condition, declaration, page_context(request))
    return urlencode({f"rule.{declaration.name}.{action}": text})


def _not_saved() -> str:
    return _("Nothing is saved yet: a permission test would not hold any more. Save to read which.")
