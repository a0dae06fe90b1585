"""Roles: read, made, changed and removed by programs of owners."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from rapport.accounts import actions, queries
from rapport.accounts.actions import Actor
from rapport.accounts.actions.roles import change_field_levels
from rapport.accounts.models import Grant, Role
from rapport.accounts.principals import ACTIONS, RULED, Scope
from rapport.accounts.request import Request
from rapport.records.store import Rejected
from rapport.records.surfaces.api.documents import answer_json
from rapport.setup.api.asking import (
    GO_ON,
    Document,
    answer_one,
    check_tests,
    goes_on,
    one_at_a_time,
    owner,
    read_body,
    told_as_problems,
)
from rapport.setup.api.granting import read_levels, read_rules, read_scopes
from rapport.setup.api.openapi_roles import ROLE_CHANGE, ROLE_NEW


def list_roles(request: Request) -> HttpResponse:
    """All of them."""
    owner(request)
    return answer_json({"data": [document(one) for one in _roles()]})


def create_role(request: Request) -> HttpResponse:
    """Make one that starts as another: 201."""
    by = owner(request)
    sent = read_body(request, ROLE_NEW, ("name", "like"))
    like = Role.objects.filter(key=sent["like"]).first()
    if like is None:
        raise Rejected({"like": _("There is no such role.")})
    with transaction.atomic(), told_as_problems():
        made = actions.create_role(sent["name"].strip(), get_language() or "en", like, by)
    return answer_one(document(_role(made.key)), 201, Location=f"/api/v1/roles/{made.key}")


def get_role(request: Request, key: str) -> HttpResponse:
    """One of them, with all it may."""
    owner(request)
    return answer_one(document(_role(key)))


def patch_role(request: Request, key: str) -> HttpResponse:
    """Change what the body names; objects, actions and fields that it doesn't name stay."""
    by = owner(request, frozenset({GO_ON}))
    go_on = goes_on(request)
    sent = read_body(request, ROLE_CHANGE)
    with transaction.atomic(), one_at_a_time(request, lambda: document(_role(key))):
        check_tests(lambda: _change(_role(key), sent, by), go_on=go_on)
        _change(_role(key), sent, by)
    return answer_one(document(_role(key)))


def delete_role(request: Request, key: str) -> HttpResponse:
    """Remove one that nobody holds and that did not come with the house."""
    by = owner(request)
    with transaction.atomic(), one_at_a_time(request, lambda: document(_role(key))):
        actions.delete_role(_role(key), by)
    return HttpResponse(status=204)


def _change(role: Role, sent: Document, by: Actor) -> None:
    if "name" in sent:
        actions.rename_role(role, sent["name"].strip(), get_language() or "en", by)
    if sent.keys() & {"grants", "rules"}:
        scopes = read_scopes(role, sent.get("grants", {}), sent.get("rules", {}))
        actions.change_grants(role, scopes, by, read_rules(role, scopes, sent.get("rules", {})))
    for name, levels in sent.get("fields", {}).items():
        change_field_levels(role, name, read_levels(role, name, levels), by)


def document(role: Role) -> Document:
    """A role as programs read it: of actions that a rule decides, the rule too."""
    grants = sorted(role.grants.all(), key=lambda one: one.object_name)
    levels: dict[str, dict[str, str]] = {}
    for one in role.field_levels.all():
        levels.setdefault(one.object_name, {})[one.field] = one.level
    return {
        "key": role.key,
        "name": str(role),
        "is_builtin": role.is_builtin,
        "grants": {one.object_name: _scopes(one) for one in grants},
        "rules": {one.object_name: found for one in grants if (found := _rules(one))},
        "fields": levels,
    }


def _scopes(grant: Grant) -> Mapping[str, str]:
    return {action: getattr(grant, f"{action}_scope") for action in ACTIONS}


def _rules(grant: Grant) -> Mapping[str, Any]:
    return {
        action: grant.rules.get(action)
        for action in RULED
        if getattr(grant, f"{action}_scope") == Scope.RULE
    }


def _roles() -> Any:
    return queries.roles().prefetch_related("grants", "field_levels")


def _role(key: str) -> Role:
    found: Role = get_object_or_404(_roles(), key=key)
    return found
