"""Whose calendar somebody looks at: his own, and those of colleagues whose records he reaches."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.utils.translation import gettext as _

from rapport.accounts.models import User
from rapport.accounts.principals import Principal, Scope
from rapport.accounts.queries import active_users
from rapport.records import access, registry

#: Columns that fit beside each other, and colleagues that are offered.
MOST_SHOWN, MOST_OFFERED = 8, 60


def colleagues(principal: Principal) -> Sequence[User]:
    """Those whose meetings are within his reach, his own team first; never himself."""
    reached = access.reach(principal, registry.get("meeting"))
    users = active_users().filter(is_service=False).exclude(pk=own_key(principal))
    if reached.scope != Scope.ALL:
        users = users.filter(pk__in=[one for one in reached.owners if one])
    found = list(users.order_by("name", "pk")[:MOST_OFFERED])
    return sorted(found, key=lambda one: one.pk not in principal.team_user_ids)


def chosen_of(asked: Sequence[str], offered: Sequence[User]) -> list[User]:
    """Those of the colleagues that an address names."""
    wanted = {_key(text) for text in asked[:MOST_OFFERED]}
    return [one for one in offered if one.pk in wanted][: MOST_SHOWN - 1]


def team_of(principal: Principal, offered: Sequence[User]) -> list[User]:
    """His team's colleagues, or whoever else there is where it has nobody."""
    team = [one for one in offered if one.pk in principal.team_user_ids]
    return (team or list(offered))[: MOST_SHOWN - 1]


def own_key(principal: Principal) -> UUID:
    """The reader's own key. Raises access.Denied for who is no person."""
    if principal.user_id is None:
        raise access.Denied(_("Only people have a calendar."))
    return principal.user_id


def _key(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
