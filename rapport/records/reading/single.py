"""One record by its key, with a text that is made once for each way to ask."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any
from uuid import UUID

from rapport.accounts.principals import Principal
from rapport.records import access, registry
from rapport.records.compiled import Ask, Compiled, Given, JSONArray, compiled, from_json
from rapport.records.declare import Object
from rapport.records.kinds.base import Kind
from rapport.records.sql import column_at


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


def row_ask(
    principal: Principal,
    name: str,
    record_id: UUID,
    paths: Sequence[str],
    *,
    trashed: bool | None = False,
) -> Ask:
    """The same, to be asked together with what lies beside the row."""
    reached = access.reach(principal, registry.get(name))
    query = _as_json(registry.edition(), name, reached, trashed, tuple(paths))
    return Ask(query, {"id": record_id})


def columns_from(
    declaration: type[Object], paths: Sequence[str], rows: Sequence[tuple[UUID, Any]]
) -> Mapping[str, Any] | None:
    """The columns from the answer to `row_ask`, or None when nothing is there."""
    for _key, values in rows:
        model = declaration.model
        return {
            path: from_json(column_at(model, path), value)
            for path, value in zip(paths, values, strict=True)
        }
    return None


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


@lru_cache(maxsize=1024)
def _as_json(
    _edition: int, name: str, reached: access.Reach, trashed: bool | None, paths: tuple[str, ...]
) -> Compiled:
    found = access.reached_rows(registry.get(name), reached, trashed).filter(pk=Given("id"))
    return compiled(found.order_by().values_list("pk", JSONArray(*paths)))
