"""The people who may get leads: who they are, who works now, and how much each has on his desk."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Q

from rapport.accounts.hours import Staffing, staffing
from rapport.accounts.models import Membership, User
from rapport.accounts.principals import service
from rapport.contacts.models import LeadRule
from rapport.records import access

ROUTER = service("leads")
#: As long as a lead is one of these somebody has it on his desk.
OPEN = ("new", "working")


@dataclass(slots=True)
class Crew:
    """Everybody who works here, as rules see them at one moment."""

    at: datetime
    names: dict[UUID, str]
    staff: Staffing
    loads: Counter[UUID] = field(default_factory=Counter)
    teams: dict[UUID, list[UUID]] = field(default_factory=dict)
    roles: dict[UUID, list[UUID]] = field(default_factory=dict)

    def people_of(self, rule: LeadRule) -> Sequence[UUID]:
        """Those a rule gives to, in its order; whoever works here no more is left out."""
        named = map(UUID, rule.users)
        team = self.teams.get(rule.team_id, ()) if rule.team_id else ()
        role = self.roles.get(rule.role_id, ()) if rule.role_id else ()
        return [key for key in dict.fromkeys((*named, *team, *role)) if key in self.names]

    def stands_in(self, key: UUID) -> UUID | None:
        """Himself, or while he is away his deputy, if there is one who is here."""
        return self.staff.deputy(key, self.at) if self.staff.is_away(key, self.at) else key

    def is_at_work(self, key: UUID) -> bool:
        """Whether the moment lies in his hours."""
        return self.staff.of(key).is_open(self.at)


def gather(rules: Iterable[LeadRule], at: datetime) -> Crew:
    """The crew of a moment, in as many statements for one lead as for thousands."""
    wanted = [(rule.team_id, rule.role_id) for rule in rules]
    users = User.objects.filter(is_active=True, is_service=False).order_by("name", "id")
    crew = Crew(at, dict(users.values_list("pk", "name")), staffing(at))
    rows = access.rows(ROUTER, "lead").filter(status__in=OPEN, owner__isnull=False)
    counted = rows.order_by().values("owner").annotate(n=Count("pk")).values_list("owner", "n")
    crew.loads.update(dict(counted))
    if teams := {team for team, _role in wanted if team}:
        members = Membership.objects.filter(team__in=teams).order_by("user__name", "user_id")
        for team, user in members.values_list("team_id", "user_id"):
            crew.teams.setdefault(team, []).append(user)
    for role in {role for _team, role in wanted if role}:
        holders = users.filter(Q(role=role) | Q(further_roles__role=role)).distinct()
        crew.roles[role] = list(holders.values_list("pk", flat=True))
    return crew
