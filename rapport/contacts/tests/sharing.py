"""People who see little, and records shared with them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from rapport.accounts import actions
from rapport.accounts.models import Role, User
from rapport.accounts.principals import Principal, principal_of
from rapport.accounts.testing import make_user
from rapport.records import access
from rapport.records.models import Share
from rapport.records.sharing import holder_of, share
from rapport.records.store import change
from rapport.records.testing import HOUSE

NARROW = dict.fromkeys(("view", "edit", "export", "bulk", "delete", "merge"), "own")


def narrow_role(**scopes: str) -> Role:
    """A role that reaches one's own records, or as far as is said."""
    role = actions.create_role(f"Role {Role.objects.count()}", "en", Role.objects.get(key="member"))
    actions.change_grants(role, {"*": NARROW | scopes})
    return role


def narrow(name: str, **scopes: str) -> User:
    """Somebody in such a role of his own."""
    return make_user(name, narrow_role(**scopes).key)


def asking(user: User) -> Principal:
    """Him as he is now."""
    return principal_of(User.objects.get(pk=user.pk))


def reached(user: User, action: str = "view", name: str = "company") -> set[UUID]:
    return set(access.rows(asking(user), name, action).values_list("pk", flat=True))


def give(record: UUID, kind: str, key: Any, level: str = "view", **more: Any) -> Share:
    """Share a record as the house does."""
    holder = holder_of(kind, key)
    assert holder is not None
    name = more.pop("name", "company")
    with change(more.pop("by", HOUSE), via="test") as made:
        return share(made, name, record, holder, level, **more)
