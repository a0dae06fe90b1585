"""Which records, in which order, with which columns: read strictly from an address.

The list page forgives what it can't follow and says so; programs and files must not, or an export
would hold more than was asked for. The query string is also how a job remembers what to export.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _

from rapport.accounts.principals import Principal
from rapport.records import access, registry
from rapport.records.conditions import Asked, ConditionError, ask, asked_by
from rapport.records.declare import Object
from rapport.records.kinds.base import Context, is_storable
from rapport.records.reading.counting import Total
from rapport.records.reading.crossing import custom_in, settled_order
from rapport.records.reading.sorting import Sort, parse_sort
from rapport.records.reading.source import Source, source_within
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
    asked: Asked
    q: str
    sort: Sort
    columns: tuple[str, ...]
    #: The administrators' fields by which the records are found.
    crossed: frozenset[str] = frozenset()

    @property
    def principal(self) -> Principal:
        """For whom the records are read."""
        return self.context.principal

    def rows(self, action: str = "view") -> QuerySet[Any]:
        """The records, unordered; with another action than view only those it reaches too."""
        found = self._narrowed(access.rows(self.principal, self.declaration.name))
        if action == "view":
            return found
        return found.filter(access.predicate(self.principal, self.declaration, action))

    def _narrowed(self, found: QuerySet[Any]) -> QuerySet[Any]:
        found = found.filter(self.asked.where)
        return found.filter(matches(self.declaration, self.q)) if self.q else found

    def source(self) -> Source:
        """The records for whoever reads them by a text that is kept."""
        reached = access.reach(self.principal, self.declaration)
        key = (registry.edition(), self.declaration.name, reached, self.asked.key, self.q)
        return source_within(self.declaration, reached, self._narrowed, key)

    def check_order(self, total: Total) -> Sort:
        """The order as so many records can have it. Raises SortRefused."""
        return settled_order(self.sort, self.crossed, total)


def read_selection(
    query: QueryDict, declaration: type[Object], context: Context, columns: Sequence[str]
) -> Selection:
    """What the address asks for; `columns` are those to take where it names none.

    Raises ConditionError, SortRefused, UnknownColumn.
    """
    readable = access.fields(context.principal, declaration.name).readable
    condition = asked_by(query, declaration, context)
    asked = ask(condition, declaration, context)
    q = _words(query.get("q", ""))
    sort = parse_sort(query.get("sort", ""), declaration, readable)
    names = read_columns(query, declaration, readable, columns)
    crossed = custom_in(condition, declaration)
    return Selection(declaration, context, asked, q, sort, names, crossed)


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


def _words(text: str) -> str:
    text = text.strip()[:LONGEST_SEARCH]
    if not is_storable(text):
        raise ConditionError(_("The search holds a character that can't be stored."), "q")
    return text
