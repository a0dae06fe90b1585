"""A block of cells as spreadsheets copy it: which record and field each falls on, and as what."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.http import QueryDict
from django.utils.translation import gettext as _

from rapport.records import access
from rapport.records.declare import Object
from rapport.records.drawing import is_cell_editable
from rapport.records.forms.naming import learn_titles, with_keys
from rapport.records.kinds.base import Context, Invalid, Kind
from rapport.records.kinds.relation import Links, Relation
from rapport.records.kinds.rows import Rows
from rapport.records.reading import Row

MOST_CELLS = 5_000


class TooMuch(ValueError):
    """A block larger than what is taken at once; the message is a sentence."""


@dataclass(slots=True)
class PastedCell:
    """One value of the block on its way to one field of one record."""

    place: str
    row: Row
    kind: Kind
    text: str
    is_typed: bool = True
    value: Any = None
    error: str = ""
    is_left_out: bool = False

    @property
    def id(self) -> str:
        """The id of its input, should it need one."""
        return f"paste-{self.place}"


@dataclass(slots=True)
class Block:
    """What was pasted, laid over the rows and columns of a list from one cell on."""

    declaration: type[Object]
    context: Context
    lines: list[list[PastedCell]] = field(default_factory=list)
    kinds: Sequence[Kind] = ()
    rows_left_over: int = 0
    columns_left_over: int = 0

    @property
    def cells(self) -> Iterator[PastedCell]:
        """All cells, row by row."""
        return (cell for line in self.lines for cell in line)

    @property
    def refused(self) -> Sequence[PastedCell]:
        """The cells that can't be taken as they are."""
        return [cell for cell in self.cells if cell.error and not cell.is_left_out]

    @property
    def is_cut(self) -> bool:
        """Whether it reaches beyond the last row or column."""
        return bool(self.rows_left_over or self.columns_left_over)

    def changes(self) -> Iterator[tuple[Row, dict[str, Any]]]:
        """Each record with the values it gets; cells that hold the same already are left out."""
        for line in self.lines:
            values = {
                cell.kind.name: cell.kind.merge(
                    cell.row.values.get(cell.kind.name), cell.value, self.context
                )
                for cell in line
                if not (cell.error or cell.is_left_out or _is_same(cell, self.context))
            }
            if values:
                yield line[0].row, values


def read_lines(text: str) -> list[list[str]]:
    """The rows and columns of copied cells: tabs between, quotes round what spans lines.

    Raises TooMuch.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n").removesuffix("\n")
    try:
        lines = list(csv.reader(io.StringIO(text, newline=""), delimiter="\t", strict=True))
    except csv.Error:
        # A quote that is part of a name, from a program that puts none round its cells.
        lines = [line.split("\t") for line in text.split("\n")]
    if sum(map(len, lines)) > MOST_CELLS:
        raise TooMuch(
            _("This is more than %(most)d cells. Import it as a file instead.")
            % {"most": MOST_CELLS}
        )
    return [line or [""] for line in lines]


def lay_out(
    lines: Sequence[Sequence[str]],
    rows: Sequence[Row],
    kinds: Sequence[Kind],
    declaration: type[Object],
    context: Context,
    mended: Mapping[str, str],
) -> Block:
    """The block over the rows and fields it falls on; `mended` holds better texts by place."""
    width = max(map(len, lines), default=0)
    block = Block(
        declaration,
        context,
        kinds=kinds[:width],
        rows_left_over=max(0, len(lines) - len(rows)),
        columns_left_over=max(0, width - len(kinds)),
    )
    for number, (line, row) in enumerate(zip(lines, rows, strict=False)):
        block.lines.append(
            [
                PastedCell(place, row, kind, mended.get(place, text))
                for column, (text, kind) in enumerate(zip(line, kinds, strict=False))
                for place in [f"{number}-{column}"]
            ]
        )
    _parse(block)
    return block


def _parse(block: Block) -> None:
    editable = access.fields(block.context.principal, block.declaration.name).editable
    ids = {line[0].row.id for line in block.lines}
    reached = access.reachable(block.context.principal, block.declaration.name, ids, "edit")
    for kind in block.kinds:
        cells = [cell for cell in block.cells if cell.kind is kind]
        if kind.name not in editable or not is_cell_editable(kind) or isinstance(kind, Rows):
            for cell in cells:
                _close(cell, _("%(field)s can't be changed here.") % {"field": kind.label})
        else:
            _parse_column(kind, cells, reached, block.context)


def _parse_column(
    kind: Kind, cells: Sequence[PastedCell], reached: set[UUID], context: Context
) -> None:
    # A column often says the same many times, and words for records are looked up.
    understood = {text: _understand(kind, text, context) for text in {one.text for one in cells}}
    for cell in cells:
        cell.value, cell.error = understood[cell.text]
        if cell.row.id not in reached:
            _close(cell, _("This record is not yours to change."))


def _understand(kind: Kind, text: str, context: Context) -> tuple[Any, str]:
    """The value that a text stands for, or the reason why it stands for none."""
    raw = _raw(kind, text)
    learn_titles([raw], {kind.name: kind}, context)
    try:
        return kind.parse(with_keys(kind, raw, context), context), ""
    except Invalid as problem:
        return None, str(problem)


def _close(cell: PastedCell, sentence: str) -> None:
    cell.error, cell.is_typed = sentence, False


def _raw(kind: Kind, text: str) -> Any:
    """The text as the field's own picker would have sent it; other fields read it as it is."""
    if not isinstance(kind, Relation | Links):
        return text
    data = QueryDict(mutable=True)
    data["value"] = text
    return kind.posted(data, "value")


def _is_same(cell: PastedCell, context: Context) -> bool:
    kind, before = cell.kind, cell.row.values.get(cell.kind.name)
    if before == cell.value or isinstance(kind, Relation | Links):
        return bool(before == cell.value)
    return kind.seen(before, context) == kind.seen(cell.value, context)
