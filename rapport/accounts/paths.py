"""By which team or managers one person is near another: to tell it, never to decide by it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from rapport.accounts.models import Membership, Team, User

type Above = Mapping[UUID, UUID | None]


@dataclass(frozen=True, slots=True)
class Paths:
    """Teams, who is in them and who reports to whom, as it was when this was read."""

    teams: Mapping[UUID, str]
    above_team: Above
    memberships: Mapping[UUID, Sequence[UUID]]
    people: Mapping[UUID, str]
    above_person: Above

    def shared_teams(self, one: UUID, other: UUID) -> list[str]:
        """The names of the teams that both are in."""
        theirs = self.memberships.get(other, ())
        return [self.teams[team] for team in self.memberships.get(one, ()) if team in theirs]

    def team_below(self, lead: UUID, other: UUID) -> tuple[str, str] | None:
        """A team of the lead and the other's team within it; the same one if both share it."""
        own = self.memberships.get(lead, ())
        for team in self.memberships.get(other, ()):
            for above in (team, *_upwards(team, self.above_team)):
                if above in own:
                    return self.teams[above], self.teams[team]
        return None

    def reporting(self, lead: UUID, other: UUID) -> list[str]:
        """Who reports to whom, from the other up to the lead; empty if he doesn't to the lead."""
        found = [self.people.get(other, "")]
        for above in _upwards(other, self.above_person):
            found.append(self.people.get(above, ""))
            if above == lead:
                return found
        return []


def read_paths() -> Paths:
    """Read them; three statements."""
    teams = list(Team.objects.values_list("pk", "name", "parent_id"))
    people = list(User.objects.values_list("pk", "name", "manager_id"))
    memberships: dict[UUID, list[UUID]] = defaultdict(list)
    for user, team in Membership.objects.order_by("team__name").values_list("user_id", "team_id"):
        memberships[user].append(team)
    return Paths(
        {key: name for key, name, _above in teams},
        {key: above for key, _name, above in teams},
        memberships,
        {key: name for key, name, _above in people},
        {key: above for key, _name, above in people},
    )


def _upwards(start: UUID, above: Above) -> Iterator[UUID]:
    """All that is above, the nearest first; a circle ends where it began."""
    seen = {start}
    upper = above.get(start)
    while upper is not None and upper not in seen:
        seen.add(upper)
        yield upper
        upper = above.get(upper)
