"""What of a record lies outside its own row: links, rows of other tables, computed values.

A kind that has such values gives a query for them, with rows of record and JSON, and makes a value
of the rows of one record. So all such fields of a page are read in one statement.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, Protocol
from uuid import UUID

from django.contrib.postgres.aggregates import JSONBAgg
from django.db.models import F

from rapport.accounts.principals import Principal
from rapport.records.compiled import (
    Answers,
    AnyOf,
    Ask,
    Compiled,
    Given,
    JSONArray,
    ask_together,
    compiled,
)
from rapport.records.kinds.base import Kind
from rapport.records.kinds.relation import Links
from rapport.records.models import Link

LINKS = "_links"


class Beside(Protocol):
    """A kind whose values come by a query of their own."""

    name: str

    def query(self, principal: Principal) -> Compiled:
        """Rows (record, JSON) for the records in the place `ids`; kept, for it is asked often."""

    def gather(self, record_id: UUID, rows: Sequence[Any]) -> Any:
        """The value of one record from its rows, which may be none."""


def asks_of(kinds: Sequence[Kind], principal: Principal, ids: Sequence[UUID]) -> Mapping[str, Ask]:
    """The questions whose answers `values_beside` reads."""
    given = {"ids": list(ids)}
    asks = {kind.name: Ask(kind.query(principal), given) for kind in _besides(kinds)}
    roles = tuple(sorted({kind.role for kind in kinds if isinstance(kind, Links)}))
    if roles:
        asks[LINKS] = Ask(_links(roles), given)
    return asks


def values_beside(
    kinds: Sequence[Kind], answers: Answers, ids: Sequence[UUID]
) -> Mapping[UUID, dict[str, Any]]:
    """The values by record and field."""
    found: dict[UUID, dict[str, Any]] = {key: {} for key in ids}
    for kind in _besides(kinds):
        for key, value in _gathered(kind, answers[kind.name], ids).items():
            found[key][kind.name] = value
    _take_links(kinds, answers.get(LINKS, ()), found)
    return found


def read_beside(
    kinds: Sequence[Kind], principal: Principal, ids: Sequence[UUID]
) -> Mapping[UUID, dict[str, Any]]:
    """The values of these records in one statement, by record and field."""
    return values_beside(kinds, ask_together(asks_of(kinds, principal, ids)), ids)


def fetch_one(kind: Beside, principal: Principal, ids: Sequence[UUID]) -> Mapping[UUID, Any]:
    """The values of one field by record; the kind may belong to no object."""
    answers = ask_together({"one": Ask(kind.query(principal), {"ids": list(ids)})})["one"]
    return _gathered(kind, answers, ids)


def _gathered(
    kind: Beside, answers: Sequence[tuple[UUID, Any]], ids: Sequence[UUID]
) -> Mapping[UUID, Any]:
    by_record: dict[UUID, list[Any]] = {key: [] for key in ids}
    for key, value in answers:
        by_record[key].append(value)
    return {key: kind.gather(key, rows) for key, rows in by_record.items()}


def _besides(kinds: Sequence[Any]) -> list[Beside]:
    return [kind for kind in kinds if hasattr(kind, "gather")]


@cache
def _links(roles: tuple[str, ...]) -> Compiled:
    # Roles stand in the text: with lists for both the planner would never keep a plan.
    links = Link.objects.filter(AnyOf(F("from_id"), Given("ids")), role__in=roles)
    gathered = JSONBAgg(JSONArray("role", "to_object", "to_id"), order_by="id")
    by_record = links.order_by().values("from_id").annotate(gathered=gathered)
    return compiled(by_record.values_list("from_id", "gathered"))


def _take_links(
    kinds: Sequence[Kind],
    rows: Sequence[tuple[UUID, Any]],
    found: Mapping[UUID, dict[str, Any]],
) -> None:
    by_role = {kind.role: kind.name for kind in kinds if isinstance(kind, Links)}
    for values in found.values():
        values.update({name: [] for name in by_role.values()})
    for key, links in rows:
        for role, name, other in links:
            found[key][by_role[role]].append((name, UUID(other)))
