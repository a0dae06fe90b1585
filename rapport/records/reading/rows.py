"""What a query has to give for some fields of an object, and rows made of that."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from rapport.records.declare import Object
from rapport.records.kinds.base import Kind


@dataclass(slots=True)
class Row:
    """One record as far as it was asked for."""

    id: UUID
    version: int
    values: dict[str, Any]
    key: Any = None


class Plan:
    """The columns of some fields, and the way from columns to values."""

    def __init__(self, declaration: type[Object], names: Sequence[str], *, keyed: bool) -> None:
        kinds = [declaration.fields[name] for name in names]
        stored = [kind for kind in kinds if kind.stored]
        head = ("pk", "version", *(["_key"] if keyed else []))
        paths = dict.fromkeys(path for kind in stored for path in kind.paths)
        self.keyed = keyed
        self.columns = (*head, *(path for path in paths if path not in head))
        place = {path: number for number, path in enumerate(self.columns)}
        # Most values are a column as it is.
        self._plain = [(one.name, place[one.path]) for one in stored if _is_plain(one)]
        self._made = [
            (one.name, one, [place[path] for path in one.paths])
            for one in stored
            if not _is_plain(one)
        ]

    def read(self, query: QuerySet[Any]) -> QuerySet[Any]:
        """The query, giving these columns."""
        return query.values_list(*self.columns)

    def rows(self, found: Iterable[tuple[Any, ...]]) -> list[Row]:
        """What such a query gave, as rows."""
        return [self._row(columns) for columns in found]

    def _row(self, columns: tuple[Any, ...]) -> Row:
        values = {name: columns[number] for name, number in self._plain}
        for name, kind, numbers in self._made:
            values[name] = kind.load([columns[number] for number in numbers])
        return Row(columns[0], columns[1], values, columns[2] if self.keyed else None)


def _is_plain(kind: Kind) -> bool:
    return type(kind).load is Kind.load and len(kind.paths) == 1
