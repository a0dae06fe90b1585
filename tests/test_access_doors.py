"""With any one door of the access rules taken off its hinges, the access matrix says so.

Everywhere at once; at one place after the other it is `test_access_surfaces.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

import pytest

from rapport.accounts.principals import Principal, Scope
from rapport.records import access, reaching, registry
from rapport.records.declare import Object
from rapport.records.reached import Reach
from tests.access.people import gather
from tests.access.table import Row, rows_about
from tests.access.things import make_things
from tests.test_access_matrix import outcomes

pytestmark = [
    pytest.mark.usefixtures("renewed_database"), pytest.mark.django_db, pytest.mark.long,
]  # fmt: skip
#: Those whom the rules hold back most: another team, one's own only, and reading only.
HELD_BACK = ("other", "narrow", "reader")


def everything(_principal: Principal, _declaration: type[Object], _action: str = "view") -> Reach:
    return Reach(Scope.ALL)


def every_row(
    _principal: Principal, name: str, _action: str = "view", *, trashed: bool | None = False
) -> Any:
    return access.reached_rows(registry.get(name), Reach(Scope.ALL), trashed)


def every_key(_principal: Principal, _name: str, ids: Iterable[UUID], _action: str) -> set[UUID]:
    return set(ids)


def no_check(_principal: Principal, _action: str, _name: str) -> None:
    return None


DOORS: dict[str, tuple[Any, Callable[..., Any]]] = {
    "check": (access, no_check),
    "rows": (access, every_row),
    "reachable": (access, every_key),
    "reach": (reaching, everything),
}


@pytest.mark.parametrize("door", DOORS)
def test_a_door_that_is_off_is_noticed(door: str, monkeypatch: pytest.MonkeyPatch) -> None:
    people = gather()
    declaration = registry.get("deal")
    things = make_things(declaration, people)
    table = [row for row in rows_about(declaration) if _is_telling(row)]
    clients = [(who, people.browsers[who]) for who in HELD_BACK]
    wanted = {(row.label, who): row.outcomes[who] for row in table for who in HELD_BACK}
    assert outcomes(clients, table, things) == wanted
    place, opened = DOORS[door]
    for module in (place, access):
        if hasattr(module, door):
            monkeypatch.setattr(module, door, opened)
    refused = {key for key, word in wanted.items() if word in ("no", "gone")}
    met = _outcomes_without(clients, table, things)
    assert {key for key in refused if met[key] != wanted[key]}


def _is_telling(row: Row) -> bool:
    return row.name in ("api-record", "api-records", "api-history", "record", "edit", "bulk")


def _outcomes_without(clients: Any, table: Any, things: Any) -> dict[tuple[str, str], str]:
    """What is met; a refusal that wrote is a fault of the door too."""
    met: dict[tuple[str, str], str] = {}
    for row in table:
        try:
            met |= outcomes(clients, [row], things)
        except AssertionError:
            met |= {(row.label, who): "wrote" for who, _client in clients}
    return met
