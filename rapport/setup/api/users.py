"""Users: read, invited, placed, shut out and let in again by programs of administrators."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from rapport.accounts import actions, queries
from rapport.accounts.actions import Actor
from rapport.accounts.actions.emails import change_email
from rapport.accounts.addresses import site_of
from rapport.accounts.models import OneTimeLink, Role, Team, User
from rapport.accounts.request import Request
from rapport.records.store import Rejected
from rapport.records.surfaces.api.collection import read_limit
from rapport.records.surfaces.api.documents import answer_json
from rapport.records.surfaces.api.problems import refuse_field
from rapport.records.surfaces.moments import read_key
from rapport.setup.api.asking import (
    GO_ON,
    Document,
    administrator,
    answer_one,
    check_tests,
    etag_of,
    goes_on,
    one_at_a_time,
    read_body,
    told_as_problems,
)
from rapport.setup.api.openapi_people import USER_CHANGE, USER_NEW

LISTED = frozenset({"limit", "after", "email"})


def list_users(request: Request) -> HttpResponse:
    """All people, those who were shut out too, in the order in which they came; `email` finds
    one, `after` goes on from one."""
    administrator(request, LISTED)
    found, limit = _people(), read_limit(request.GET)
    if "email" in request.GET:
        found = found.filter(email=request.GET["email"].strip().lower())
    if "after" in request.GET:
        after = read_key(request.GET["after"])
        if after is None:
            raise refuse_field("after", _("after is the id of a user."))
        found = found.filter(pk__gt=after)
    page = list(found.order_by("pk")[: limit + 1])
    shown = page[:limit]
    following = str(shown[-1].pk) if len(page) > limit else None
    return answer_json({"data": [document(one) for one in shown], "next": following})


def invite_user(request: Request) -> HttpResponse:
    """Make an account and invite to it: 201. Where no mail is sent, `invitation` is the address to
    hand over; it is told once."""
    by = administrator(request)
    sent = read_body(request, USER_NEW, ("email", "name"))
    with transaction.atomic(), told_as_problems():
        user, secret = actions.invite(
            sent["email"], sent["name"], _role(sent.get("role", "member")), by,
            teams=_teams(sent.get("teams", [])),
        )  # fmt: skip
        actions.set_further_roles(user, _further(sent.get("further_roles", [])), by)
        actions.set_manager(user, _manager(sent.get("manager")), by)
    link = queries.link_path(OneTimeLink.Purpose.INVITATION, secret) if secret else ""
    told = {"invitation": site_of(request) + link if link else None}
    place = f"/api/v1/users/{user.pk}"
    made = document(_person(user.pk))
    return answer_json(
        made | told, 201, Location=place, Cache_Control="no-store", ETag=etag_of(made)
    )


def get_user(request: Request, user_id: UUID) -> HttpResponse:
    """One of them."""
    administrator(request)
    return answer_one(document(_person(user_id)))


def patch_user(request: Request, user_id: UUID) -> HttpResponse:
    """Change what the body names: address, roles, manager, teams, and whether he may sign in."""
    by = administrator(request, frozenset({GO_ON}))
    go_on = goes_on(request)
    sent = read_body(request, USER_CHANGE)
    with transaction.atomic(), one_at_a_time(request, lambda: document(_person(user_id))):
        check_tests(lambda: _change(_person(user_id), sent, by), go_on=go_on)
        _change(_person(user_id), sent, by)
    return answer_one(document(_person(user_id)))


def _change(user: User, sent: Document, by: Actor) -> None:
    held = document(user) | sent
    if sent.keys() & {"role", "further_roles", "manager", "teams"}:
        actions.place_user(
            user, _role(held["role"]), _manager(held["manager"]), _teams(held["teams"]), by,
            _further(held["further_roles"]),
        )  # fmt: skip
    if "email" in sent and sent["email"] != user.email:
        change_email(user, sent["email"], by)
    if held["is_active"] and not user.is_active:
        actions.reactivate(user, by)
    if user.is_active and not held["is_active"]:
        actions.deactivate(user, by)


def document(user: User) -> Document:
    """A user as programs read him."""
    return {
        "id": str(user.pk),
        "email": user.email,
        "name": user.name,
        "role": user.role.key,
        "further_roles": sorted(one.role.key for one in user.further_roles.all()),
        "manager": str(user.manager_id) if user.manager_id else None,
        "teams": sorted(str(one.pk) for one in user.teams.all()),
        "is_active": user.is_active,
        "has_joined": user.has_joined,
        "language": user.language,
        "timezone": user.timezone,
        "created_at": user.created_at.isoformat(),
    }


def _people() -> QuerySet[User]:
    return queries.everybody()


def _person(user_id: UUID) -> User:
    return get_object_or_404(_people(), pk=user_id)


def _role(key: str) -> str:
    """Raises Rejected for a role that is not there."""
    if not Role.objects.filter(key=key).exists():
        raise Rejected({"role": _("There is no such role.")})
    return key


def _further(keys: list[str]) -> list[str]:
    known = set(Role.objects.filter(key__in=keys).values_list("key", flat=True))
    if not known.issuperset(keys):
        raise Rejected({"further_roles": _("There is no such role.")})
    return keys


def _teams(ids: list[Any]) -> list[UUID]:
    wanted = {UUID(one) for one in ids}
    if Team.objects.filter(pk__in=wanted).count() != len(wanted):
        raise Rejected({"teams": _("There is no such team.")})
    return sorted(wanted)


def _manager(key: str | None) -> User | None:
    if key is None:
        return None
    found = _people().filter(pk=UUID(key)).first()
    if found is None:
        raise Rejected({"manager": _("There is no such user.")})
    return found
