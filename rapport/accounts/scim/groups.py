"""Teams as the directory sees them: its groups."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet

from rapport.accounts.models import Membership, ProvisionedTeam, Team, User
from rapport.accounts.scim.asking import Column, Columns
from rapport.accounts.scim.patching import Kept
from rapport.accounts.scim.schemas import GROUP, Document


def _has_member(user: UUID | None) -> Q:
    places = Membership.objects.all() if user is None else Membership.objects.filter(user_id=user)
    return Q(pk__in=places.values("team_id"))


_MEMBERS = Column("related", "", _has_member)
COLUMNS: Columns = {
    "id": Column("key", "pk"),
    "externalid": Column("exact", "provisioned__external_id"),
    "displayname": Column("text", "name"),
    "members": _MEMBERS,
    "members.value": _MEMBERS,
    "meta.created": Column("time", "created_at"),
    "meta.lastmodified": Column("time", "changed_at"),
}


def members() -> QuerySet[User]:
    """Who may be seen in a group: colleagues whom the directory has not deleted."""
    return User.objects.filter(is_service=False, provisioned__removed_at=None)


def groups() -> QuerySet[Team]:
    """All teams with their members."""
    seen = Prefetch("members", queryset=members().order_by("name", "id"))
    return Team.objects.select_related("provisioned").prefetch_related(seen)


def provisioned_of(team: Team) -> ProvisionedTeam | None:
    """By what name the directory knows the team, if it has said so."""
    found: ProvisionedTeam | None = getattr(team, "provisioned", None)
    return found


def own_attributes(team: Team) -> Document:
    """What a change may touch; members that were there before are marked as such."""
    row = provisioned_of(team)
    found: Document = {"displayName": team.name}
    if row and row.external_id:
        found["externalId"] = row.external_id
    found["members"] = [Kept(value=str(user.pk)) for user in team.members.all()]
    return found


def shown(team: Team, site: str) -> Document:
    """The whole resource; `site` is where our addresses begin."""
    listed = [
        {
            "value": str(user.pk),
            "$ref": f"{site}/Users/{user.pk}",
            "type": "User",
        }
        for user in team.members.all()
    ]
    return {
        "schemas": [GROUP],
        "id": str(team.pk),
        **own_attributes(team),
        "members": listed,
        "meta": {
            "resourceType": "Group",
            "created": team.created_at.isoformat(),
            "lastModified": max(team.created_at, team.changed_at).isoformat(),
            "location": f"{site}/Groups/{team.pk}",
        },
    }
