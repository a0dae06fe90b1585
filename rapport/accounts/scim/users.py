"""Users as the directory sees them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import CharField, Q, QuerySet, Value
from django.db.models.fields.json import KeyTextTransform, KeyTransform
from django.db.models.functions import Coalesce

from rapport.accounts.models import Membership, ProvisionedUser, User
from rapport.accounts.scim.asking import Column, Columns
from rapport.accounts.scim.patching import Kept
from rapport.accounts.scim.schemas import USER, Document


def _in_team(team: UUID | None) -> Q:
    places = Membership.objects.all() if team is None else Membership.objects.filter(team_id=team)
    return Q(pk__in=places.values("user_id"))


_GROUPS = Column("related", "", _in_team)
COLUMNS: Columns = {
    "id": Column("key", "pk"),
    "externalid": Column("exact", "provisioned__external_id"),
    "username": Column("text", "known_as"),
    "displayname": Column("text", "name"),
    "name.formatted": Column("text", "name"),
    "name.givenname": Column("text", "given_name"),
    "name.familyname": Column("text", "family_name"),
    "emails": Column("text", "email"),
    "emails.value": Column("text", "email"),
    "emails.type": Column("exact", "email_type"),
    "active": Column("flag", "is_active"),
    "groups": _GROUPS,
    "groups.value": _GROUPS,
    "meta.created": Column("time", "created_at"),
    "meta.lastmodified": Column("time", "changed_at"),
}


def users() -> QuerySet[User]:
    """All colleagues but those whom the directory has deleted; programs are none."""
    return (
        User.objects.filter(is_service=False, provisioned__removed_at=None)
        .select_related("role", "provisioned")
        .prefetch_related("teams")
        .annotate(
            known_as=Coalesce("provisioned__user_name", "email", output_field=CharField()),
            given_name=_part("givenName"),
            family_name=_part("familyName"),
            email_type=Coalesce(
                KeyTextTransform("email_type", "provisioned__told"),
                Value("work"),
                output_field=CharField(),
            ),
        )
    )


def _part(name: str) -> KeyTextTransform:
    return KeyTextTransform(name, KeyTransform("name", "provisioned__told"))


def provisioned_of(user: User) -> ProvisionedUser | None:
    """What the directory has told of the user, if anything."""
    found: ProvisionedUser | None = getattr(user, "provisioned", None)
    return found


def own_attributes(user: User) -> Document:
    """What a change may touch, as the directory told it, or as it was changed here since."""
    row = provisioned_of(user)
    told: Document = row.told if row else {}
    found: Document = {"userName": row.user_name if row else user.email, "active": user.is_active}
    if row and row.external_id:
        found["externalId"] = row.external_id
    if told.get("as_name") == user.name:
        found |= {name: told[name] for name in ("name", "displayName") if name in told}
    else:
        found["displayName"] = user.name
    is_as_told = told.get("as_email") == user.email
    address = {"value": user.email, "type": "work", "primary": True}
    found["emails"] = [Kept(one) for one in (told["emails"] if is_as_told else [address])]
    return found


def shown(user: User, site: str) -> Document:
    """The whole resource; `site` is where our addresses begin."""
    groups: list[dict[str, Any]] = [
        {"value": str(team.pk), "$ref": f"{site}/Groups/{team.pk}", "display": team.name}
        for team in user.teams.all()
    ]
    return {
        "schemas": [USER],
        "id": str(user.pk),
        **own_attributes(user),
        **({"groups": groups} if groups else {}),
        "meta": {
            "resourceType": "User",
            "created": user.created_at.isoformat(),
            "lastModified": max(user.created_at, user.changed_at).isoformat(),
            "location": f"{site}/Users/{user.pk}",
        },
    }
