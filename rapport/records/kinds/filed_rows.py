"""What a field of rows writes into a cell of a file and reads from it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from rapport.records.kinds.base import Context, Invalid, Kind
from rapport.records.kinds.relation import Relation
from rapport.records.kinds.row_text import joined_cells, split_rows

type Row = dict[str, Any]


class FiledRows(Kind):
    """Rows with the columns `parts`, told apart by the one called `subject`."""

    parts: Mapping[str, Kind]
    subject: str
    #: What columns of a file may say where each of its rows is a row here, such as a line of an
    #: order; empty where rows always stand together in one cell.
    file_parts: Mapping[str, Kind] = MappingProxyType({})

    def check(self, rows: Sequence[Row]) -> None:
        """Whether the rows can stand together. Raises Invalid."""

    def export(self, value: Any, context: Context) -> str:
        """A line per row, its columns parted by bars."""
        return "\n".join(
            joined_cells([part.export(row[name], context) for name, part in self.parts.items()])
            for row in value or []
        )

    def read(self, text: str, context: Context) -> list[Row]:
        """The rows of such a text, or of bare names; a name stands for a record to be looked up.

        Raises Invalid.
        """
        rows = [self._read_row(cells, context) for cells in split_rows(text)]
        self.check(rows)
        return rows

    def _read_row(self, cells: Sequence[str], context: Context) -> Row:
        if len(cells) > len(self.parts):
            raise Invalid(_("%(field)s takes a list of rows.") % {"field": self.label})
        texts = [*cells, *[""] * (len(self.parts) - len(cells))]
        return {
            name: text if isinstance(part, Relation) else part.parse(text, context)
            for (name, part), text in zip(self.parts.items(), texts, strict=True)
        }

    def file_row(self, values: Mapping[str, Any], context: Context) -> Row:
        """The row that values of `file_parts` come to. Raises Invalid."""
        return {**self._read_row([""], context), **values}

    def without(self, row: Row, column: str, text: str) -> Row | None:
        """What is left of a row that names a record nobody knows; None for nothing."""
        return None

    def row_of(self, subject: UUID, context: Context) -> Row:
        """A row that says no more than whom it is about."""
        return self._read_row([""], context) | {self.subject: subject}

    def joined(self, present: Sequence[Row], added: Sequence[Row]) -> list[Row]:
        """All rows of a record that has some and gets others by a file: none is taken away."""
        rows = {self.identity(row): dict(row) for row in present}
        for row in added:
            known = rows.setdefault(self.identity(row), {})
            known |= {name: value for name, value in row.items() if not known or value}
        return list(rows.values())

    def identity(self, row: Row) -> Any:
        """What makes a row of a file the one that is there already."""
        return row[self.subject]
