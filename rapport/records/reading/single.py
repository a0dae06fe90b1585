"""One record by its key, with a text that is made once for each way to ask."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any
from uuid import UUID

from rapport.accounts.principals import Principal
from rapport.records import access, registry
from rapport.records.compiled import Compiled, Given, compiled
from rapport.records.kinds.base import Kind


def read_columns(
    principal: Principal,
    name: str,
    record_id: UUID,
    paths: Sequence[str],
    *,
    trashed: bool | None = False,
) -> Mapping[str, Any] | None:
    """The columns at `paths` of one record, or None when it is not there for this principal."""
    reached = access.reach(principal, registry.get(name))
    query = _by_key(registry.edition(), name, reached, trashed, tuple(paths))
    found = query.look_up(id=record_id)
    return dict(zip(paths, found[0], strict=True)) if found else None


def paths_of(kinds: Sequence[Kind]) -> list[str]:
    """What to read for the values of these fields."""
    return list(dict.fromkeys(path for kind in kinds if kind.stored for path in kind.paths))


def load_values(kinds: Sequence[Kind], columns: Mapping[str, Any]) -> dict[str, Any]:
    """The values of those fields that are kept in columns."""
    return {
        kind.name: kind.load([columns[path] for path in kind.paths])
        for kind in kinds
        if kind.stored
    }


@lru_cache(maxsize=1024)
def _by_key(
    _edition: int, name: str, reached: access.Reach, trashed: bool | None, paths: tuple[str, ...]
) -> Compiled:
    found = access.reached_rows(registry.get(name), reached, trashed).filter(pk=Given("id"))
    return compiled(found.order_by().values_list(*paths))
