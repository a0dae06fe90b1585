"""The layouts of this process, and which of them a reader gets."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from rapport.accounts.principals import Principal
from rapport.records.declare import Object
from rapport.records.layouts.arrangement import Arrangement, from_json, standard

EVERYONE = ""
#: Replaced as a whole, so that no thread meets half of another.
_now: list[Mapping[tuple[str, str], Arrangement]] = [{}]


def keep(rows: Iterable[tuple[str, str, Mapping[str, Any]]]) -> None:
    """Have these layouts, each as object, team and JSON, in place of those there were."""
    _now[0] = {(name, team): from_json(tree) for name, team, tree in rows if tree}


def layout_of(declaration: type[Object], team: str = EVERYONE) -> Arrangement | None:
    """The layout that was made for a team or for everyone, if there is one."""
    return _now[0].get((declaration.name, team))


def layout_for(principal: Principal, declaration: type[Object]) -> Arrangement:
    """What this reader gets: that of a team of his, else everyone's, else the standard."""
    if not _now[0]:
        return standard(declaration)
    for team in (*map(str, principal.team_ids), EVERYONE):
        if found := layout_of(declaration, team):
            return found
    return standard(declaration)
