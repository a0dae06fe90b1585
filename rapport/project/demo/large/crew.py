"""The colleagues of the large sample company, their teams, and how much each of them owns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from rapport.accounts.actions import create_team, create_user
from rapport.accounts.models import Team, User

DOMAIN = "demo.example"


class Office(NamedTuple):
    """A team: its name, the one it is part of, and (colleague, share of a thousand records)."""

    team: str
    within: str
    people: tuple[tuple[str, float], ...]


OFFICES = (
    Office("Americas", "", (("Dana Whitfield", 120), ("Marcus Hale", 85), ("Joy Okoro", 40))),
    Office("Brazil", "Americas", (("Caetano Prado", 70), ("Luana Vilela", 30))),
    Office("Europe", "", (("Ulrike Steinmeier", 140), ("Benoît Lamreau", 60), ("Siri Dal", 25))),
    Office("Iberia", "Europe", (("Begoña Ibáñez", 14), ("Jordi Puig", 9), ("Amaia Zubiri", 7))),
    Office("Lisbon", "Iberia", (("Rui Teixeira", 12), ("Inês Prado", 7.5), ("Tomé Novo", 0.5))),
    Office("Asia", "", (("Meera Iyer", 110), ("Kenji Mori", 75), ("Lin Ouyang", 55))),
    Office("Africa", "", (("Amina Bello", 50), ("Tunde Afolabi", 20), ("Youssef Nassar", 10))),
)
#: Of a thousand records, those that nobody owns; what is left belongs to whoever makes them.
UNOWNED = 30


@dataclass(frozen=True, slots=True)
class Crew:
    """Owners and how often each is one."""

    owners: tuple[UUID | None, ...]
    weights: tuple[float, ...]


def hire(keeper: UUID | None) -> Crew:
    """Make the colleagues and their teams. None has a password: they come in by invitation only."""
    teams: dict[str, Team] = {}
    owners: list[UUID | None] = [None]
    weights: list[float] = [UNOWNED]
    for office in OFFICES:
        members = [_colleague(name).pk for name, _share in office.people]
        teams[office.team] = create_team(office.team, members, parent=teams.get(office.within))
        owners += members
        weights += [share for _name, share in office.people]
    return Crew((*owners, keeper), (*weights, 1000 - sum(weights)))


def address_of(name: str) -> str:
    """Where a colleague could be written to."""
    plain = name.casefold().encode("ascii", "ignore").decode()
    return f"{plain.replace(' ', '.')}@{DOMAIN}"


def _colleague(name: str) -> User:
    return create_user(address_of(name), name, None)
