"""Questions about accounts; nothing here writes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any
from uuid import UUID

from django.contrib.postgres.aggregates import JSONBAgg
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, Model, OuterRef, QuerySet, Subquery
from django.db.models.functions import JSONObject

from rapport.accounts.models import ApiToken, Grant, Membership, Session, User, Workspace
from rapport.accounts.principals import Grant as ObjectGrant
from rapport.accounts.principals import Scope

_ACTIONS = ("view", "create", "edit", "delete", "export", "import", "bulk")
_WORKSPACE_FACTS = (
    "name",
    "public_address",
    "currency",
    "language",
    "timezone",
    "country",
    "fiscal_year_start",
    "first_day_of_week",
    "mail_host",
    "mail_from",
    "metadata_version",
)


@dataclass(frozen=True, slots=True)
class AccountFacts:
    """What is read together with a user: grants of the role, team mates, the workspace."""

    grants: Mapping[str, ObjectGrant]
    mates: tuple[UUID, ...]
    workspace: Workspace


def workspace() -> Workspace:
    """Return the one workspace, without the mail server's secrets."""
    row = Workspace.objects.only("id", *_WORKSPACE_FACTS).first()
    return row or Workspace()


def has_users() -> bool:
    """Whether anybody has an account here; without one the first-run page is open."""
    return User.objects.exists()


def session_with_account(digest: str, now: datetime) -> Session | None:
    """Return the live session, its user, role, grants, mates and workspace in one statement."""
    sessions = Session.objects.filter(digest=digest, expires_at__gt=now)
    return _first_with_account(sessions)


def token_with_account(digest: str) -> ApiToken | None:
    """Return the token with its user's account in one statement, whether or not it is valid."""
    return _first_with_account(ApiToken.objects.filter(digest=digest))


def account_facts(user: User) -> AccountFacts:
    """Return what was read with the user, else read it now."""
    facts = getattr(user, "_account_facts", None)
    if facts is None:
        row = User.objects.filter(pk=user.pk).values(**_annotations("pk", "role"))[0]
        facts = user._account_facts = _facts(row)  # type: ignore[attr-defined]
    return facts


def _first_with_account[Row: Model](rows: QuerySet[Row]) -> Row | None:
    row: Any = (
        rows.select_related("user__role").annotate(**_annotations("user", "user__role")).first()
    )
    if row is not None and row.user is not None:
        row.user._account_facts = _facts(vars(row))
    return row


def _annotations(user: str, role: str) -> dict[str, Any]:
    grants = (
        Grant.objects.filter(role=OuterRef(role))
        .values("role")
        .values(all=JSONBAgg(JSONObject(name="object_name", **{a: f"{a}_scope" for a in _ACTIONS})))
    )
    mates = Membership.objects.filter(team__memberships__user=OuterRef(user))
    facts = JSONObject(**{fact: F(fact) for fact in _WORKSPACE_FACTS})
    return {
        "account_grants": Subquery(grants),
        "account_mates": ArraySubquery(mates.order_by().values("user").distinct()),
        "account_workspace": Subquery(Workspace.objects.values(facts=facts)[:1]),
    }


def _facts(row: Mapping[str, Any]) -> AccountFacts:
    return AccountFacts(
        grants=MappingProxyType(
            {grant["name"]: _object_grant(grant) for grant in row["account_grants"] or []}
        ),
        mates=tuple(row["account_mates"]),
        workspace=Workspace(**(row["account_workspace"] or {})),
    )


def _object_grant(row: Mapping[str, str]) -> ObjectGrant:
    return ObjectGrant(*[Scope(row[action]) for action in _ACTIONS])
