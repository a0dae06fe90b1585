"""Who sells in which team: the tree that a forecast is added up by."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from rapport.accounts.models import Team, User
from rapport.accounts.queries import everybody

type Kind = Literal["all", "team", "person"]


@dataclass(frozen=True, slots=True)
class Tree:
    """Everybody, the teams, and the one team of each in which he counts: the first by name."""

    users: Mapping[UUID, User]
    home: Mapping[UUID, UUID | None]
    parts: Mapping[UUID | None, Sequence[Team]]

    def home_of(self, user: UUID | None) -> UUID | None:
        """The team in which somebody counts."""
        return self.home.get(user) if user else None

    def teams_in(self, team: UUID) -> Iterator[UUID]:
        """A team and those within it."""
        yield team
        for part in self.parts.get(team, ()):
            yield from self.teams_in(part.pk)

    def people_in(self, team: UUID) -> frozenset[UUID]:
        """Who counts in a team or in one within it."""
        teams = set(self.teams_in(team))
        return frozenset(user for user, home in self.home.items() if home in teams)

    def name_of(self, kind: Kind, key: UUID | None) -> str | None:
        """What a team or a person is called, None where there is none."""
        if kind == "person":
            return self.users[key].name if key and key in self.users else None
        names = (team.name for teams in self.parts.values() for team in teams if team.pk == key)
        return next(names, None)


def sales_tree() -> Tree:
    """The tree as it is now."""
    users = {user.pk: user for user in everybody()}
    parts: dict[UUID | None, list[Team]] = {}
    for team in Team.objects.all():
        parts.setdefault(team.parent_id, []).append(team)
    return Tree(users, {key: _home(user) for key, user in users.items()}, parts)


def _home(user: User) -> UUID | None:
    first = min(user.teams.all(), key=_by_name, default=None)
    return first.pk if first else None


def _by_name(team: Team) -> tuple[str, str]:
    return team.name, str(team.pk)
