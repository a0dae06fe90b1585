"""With whom a record can be shared: people who work here, teams, roles."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from rapport.accounts import queries
from rapport.accounts.models import Role, Team, User
from rapport.records.models import Share

USER, TEAM, ROLE = Share.Holder.USER.value, Share.Holder.TEAM.value, Share.Holder.ROLE.value


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody with whom records are shared."""

    kind: str
    id: UUID
    name: str

    @property
    def key(self) -> str:
        """How forms name it, such as `team:0190…`."""
        return f"{self.kind}:{self.id}"


def holders_of() -> Mapping[str, Sequence[Holder]]:
    """All with whom a record can be shared now, by kind, in the order of their names."""
    users = queries.active_users().order_by("name", "id").only("name")
    return {
        USER: [Holder(USER, one.pk, one.name) for one in users],
        TEAM: [Holder(TEAM, one.pk, one.name) for one in queries.teams()],
        ROLE: [Holder(ROLE, one.pk, str(one)) for one in queries.roles()],
    }


def holder_of(kind: str, key: UUID) -> Holder | None:
    """One of them; None for whom there is not, or who was shut out."""
    if kind == USER:
        people = queries.active_users().filter(pk=key).values_list("name", flat=True)
        return Holder(USER, key, people[0]) if people else None
    if kind == TEAM:
        team = Team.objects.filter(pk=key).first()
        return Holder(TEAM, key, team.name) if team else None
    role = Role.objects.filter(pk=key).first() if kind == ROLE else None
    return Holder(ROLE, key, str(role)) if role else None


def named(shares: Iterable[Share]) -> Mapping[UUID, str]:
    """What the holders of shares are called today, by key; those that are gone are left out."""
    ids: dict[str, list[UUID]] = {USER: [], TEAM: [], ROLE: []}
    for one in shares:
        ids[one.holder_kind].append(one.holder_id)
    found: dict[UUID, str] = {}
    if ids[USER]:
        found |= dict(User.objects.filter(pk__in=ids[USER]).values_list("pk", "name"))
    if ids[TEAM]:
        found |= dict(Team.objects.filter(pk__in=ids[TEAM]).values_list("pk", "name"))
    if ids[ROLE]:
        found |= {role.pk: str(role) for role in Role.objects.filter(pk__in=ids[ROLE])}
    return found
