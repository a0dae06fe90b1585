"""Those who ask, and the secrets by which they do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.test import Client
from django.utils import timezone

from rapport.accounts import actions
from rapport.accounts.models import ApiToken, Role, User
from rapport.accounts.principals import ACTIONS
from rapport.accounts.testing import make_user, signed_in

#: Columns of the table, in its order.
COLUMNS = ("owner", "manager", "member", "mate", "other", "narrow", "reader")
#: Those whom nobody lets in any more.
FORMER = ("anonymous", "deactivated")


@dataclass(frozen=True)
class People:
    """Users by their column; the records and things of a case belong to the member."""

    users: dict[str, User]
    browsers: dict[str, Client]

    @property
    def member(self) -> User:
        """Whose things they are."""
        return self.users["member"]


def gather() -> People:
    """One of each: mate shares the member's team, other and narrow are of another."""
    own = actions.create_role("Own only", "en", Role.objects.get(key="member"))
    own.grants.all().delete()
    actions.create_role("Nobody's", "en", own)
    own.grants.create(
        object_name="*",
        **{f"{action}_scope": "own" for action in ACTIONS},
    )
    roles = dict(
        zip(COLUMNS, ("owner", "manager", *["member"] * 3, own.key, "read_only"), strict=True)
    )
    users = {who: make_user(f"{who.title()} Person", role) for who, role in roles.items()}
    actions.create_team("Red", [users["member"].pk, users["mate"].pk])
    actions.create_team("Blue", [users["other"].pk, users["narrow"].pk, users["reader"].pk])
    actions.create_token(users["member"], "Mine")
    signed_in(users["member"])
    browsers = {who: signed_in(user) for who, user in users.items()}
    return People(users, browsers | former())


def former() -> dict[str, Client]:
    """A browser nobody is signed in with, and one of an owner who was shut out since."""
    leaver = make_user("Lea Leaver", "owner")
    browser = signed_in(leaver)
    User.objects.filter(pk=leaver.pk).update(is_active=False)
    return dict(zip(FORMER, (Client(), browser), strict=True))


def useless_secrets() -> dict[str, str]:
    """Tokens of owners that must open nothing."""
    owner = make_user("Tess Token", "owner")
    leaver = make_user("Leo Leaver", "owner")
    secrets = {
        "expired": actions.create_token(
            owner, "Expired", expires_at=timezone.now() - timedelta(seconds=1)
        ),
        "revoked": actions.create_token(owner, "Revoked"),
        "deactivated": actions.create_token(leaver, "Leaver's"),
        "unknown": "rpt_" + "x" * 40,
    }
    actions.revoke_token(ApiToken.objects.get(name="Revoked"))
    User.objects.filter(pk=leaver.pk).update(is_active=False)
    return secrets


def reading_secret() -> str:
    """A token of an owner that may only read."""
    return actions.create_token(make_user("Rita Robot", "owner"), "Reads", may_write=False)
