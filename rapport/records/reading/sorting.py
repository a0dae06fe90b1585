"""The order of a list: one field, one direction, the id last."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from rapport.records.declare import Object
from rapport.records.kinds.base import Kind
from rapport.records.schema.indexes import is_sortable

MOST_UNINDEXED = 50_000


class SortRefused(ValueError):
    """An order that can't be had; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Sort:
    """An order by one field."""

    kind: Kind
    descending: bool = False
    #: Whether the rows are few and sorted once they are found, past any index of the order.
    few: bool = False
    #: How many rows there are to order, where somebody has asked.
    among: int = 0

    @property
    def text(self) -> str:
        """As an address has it: `name` or `-name`."""
        return f"-{self.kind.name}" if self.descending else self.kind.name

    @property
    def key(self) -> Any:
        key = self.kind.sort_key()
        return Coalesce(key, key) if self.few else key

    @property
    def indexed(self) -> bool:
        """Whether the order holds at any number of records."""
        return is_sortable(self.kind) or self.kind.is_advised


def parse_sort(text: str, declaration: type[Object], readable: frozenset[str]) -> Sort:
    """The order asked for, or the object's own when `text` is empty; that of its names where its
    own is hidden from the reader. Raises SortRefused."""
    usual = declaration.sort if declaration.sort.lstrip("-") in readable else ""
    wanted = text or usual or declaration.title
    name = wanted.lstrip("-")
    kind = declaration.fields.get(name)
    if kind is None or name not in readable:
        raise SortRefused(
            _("%(objects)s have no field “%(field)s”.")
            % {"objects": declaration.label_plural, "field": name[:60]}
        )
    if kind.sort_key() is None:
        raise SortRefused(_("The list can't be ordered by %(field)s.") % {"field": kind.label})
    return Sort(kind, wanted.startswith("-"))
