"""Which records, in which order, with which columns: read strictly from an address.

The list page forgives what it can't follow and says so; programs and files must not, or an export
would hold more than was asked for. The query string is also how a job remembers what to export.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _

from rapport.accounts.principals import Principal
from rapport.records import access, registry
from rapport.records.conditions import ConditionError, compile_condition, from_json, from_query
from rapport.records.declare import Object
from rapport.records.kinds.base import Context, is_storable
from rapport.records.reading.counting import Total
from rapport.records.reading.sorting import MOST_UNINDEXED, Sort, SortRefused, parse_sort
from rapport.records.reading.source import Source
from rapport.records.searching import matches

ALL = "all"
LONGEST_SEARCH = 200


class UnknownColumn(ValueError):
    """A column that the object does not have, or not for this reader."""


@dataclass(frozen=True, slots=True)
class Selection:
    """Records of one object for one principal, not read yet."""

    declaration: type[Object]
    context: Context
    where: Q
    sort: Sort
    columns: tuple[str, ...]

    @property
    def principal(self) -> Principal:
        """For whom the records are read."""
        return self.context.principal

    def rows(self, action: str = "view") -> QuerySet[Any]:
        """The records, unordered; with another action than view only those it reaches too."""
        found = access.rows(self.principal, self.declaration.name).filter(self.where)
        if action == "view":
            return found
        return found.filter(access.predicate(self.principal, self.declaration, action))

    def source(self) -> Source:
        """The records for whoever reads them by a text that is kept, which all of them have."""
        if self.where:
            return Source(self.rows)
        reached = access.reach(self.principal, self.declaration)
        return Source(self.rows, (registry.edition(), self.declaration.name, reached, (), ""))

    def check_order(self, total: Total) -> None:
        """Raises SortRefused where so many records have no index for their order."""
        if total.value > MOST_UNINDEXED and not self.sort.indexed:
            raise SortRefused(
                _("Ordering %(n)d records by %(field)s would be slow. Narrow the list first.")
                % {"n": total.value, "field": self.sort.kind.label}
            )


def read_selection(
    query: QueryDict, declaration: type[Object], context: Context, columns: Sequence[str]
) -> Selection:
    """What the address asks for; `columns` are those to take where it names none.

    Raises ConditionError, SortRefused, UnknownColumn.
    """
    readable = access.fields(context.principal, declaration.name).readable
    where = compile_condition(from_query(query), declaration, context)
    where &= _filter(query.get("filter", ""), declaration, context)
    where &= _search(query.get("q", ""), declaration)
    sort = parse_sort(query.get("sort", ""), declaration, readable)
    names = read_columns(query, declaration, readable, columns)
    return Selection(declaration, context, where, sort, names)


def read_columns(
    query: QueryDict, declaration: type[Object], readable: frozenset[str], usual: Sequence[str]
) -> tuple[str, ...]:
    """The columns the address names, `id` among them, else the usual ones. Raises UnknownColumn."""
    names = tuple(name for name in query.get("columns", "").split(",") if name) or tuple(usual)
    if names == (ALL,):
        return ("id", *(name for name in declaration.fields if name in readable))
    for name in names:
        if name != "id" and name not in readable:
            raise UnknownColumn(
                _("%(objects)s have no field “%(field)s”.")
                % {"objects": declaration.label_plural, "field": name[:60]}
            )
    return tuple(dict.fromkeys(names))


def _filter(text: str, declaration: type[Object], context: Context) -> Q:
    if not text:
        return Q()
    try:
        tree = json.loads(text)
    except (ValueError, RecursionError):
        raise ConditionError(_("The filter is not valid JSON."), "filter") from None
    return compile_condition(from_json(tree), declaration, context)


def _search(text: str, declaration: type[Object]) -> Q:
    text = text.strip()[:LONGEST_SEARCH]
    if not is_storable(text):
        raise ConditionError(_("The search holds a character that can't be stored."), "q")
    return matches(declaration, text) if text else Q()
