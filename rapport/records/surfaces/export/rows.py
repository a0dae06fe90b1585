"""The rows of an export, page by page, in flat memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from django.utils.html import strip_tags
from django.utils.translation import gettext as _

from rapport.kit.formulas import disarm, disarm_phones
from rapport.records.declare import Object
from rapport.records.kinds import Computed, Context, Kind
from rapport.records.kinds.filed_rows import FiledRows
from rapport.records.kinds.relation import Links, Relation
from rapport.records.reading import Row, read_page
from rapport.records.reading.selection import Selection
from rapport.records.surfaces.export.options import Options

PAGE = 2_000
SORTS = ".label"

type Cell = Callable[[Row, Context], str]


def usual_columns(declaration: type[Object]) -> tuple[str, ...]:
    """The columns of a list of which nobody has chosen any, the title first."""
    return tuple(dict.fromkeys((declaration.title, *declaration.columns)))


def export_pages(selection: Selection) -> Iterator[tuple[list[Row], Context]]:
    """All rows the principal may export, in order, each page with the context to show it in.

    Every page is a statement of its own that starts after the last row: no cursor stays open on
    the server, so a slow reader holds nothing up.
    """
    names = [name for name in selection.columns if name in selection.declaration.fields]
    rows, after = selection.rows("export"), ""
    while True:
        context = replace(selection.context, titles={})
        page = read_page(
            rows, selection.declaration, names, selection.sort, context, after=after, limit=PAGE
        )
        yield page.rows, context
        if page.next is None:
            return
        after = page.next


def export_rows(selection: Selection) -> Iterator[list[str]]:
    """Each record as the text of its cells, safe to open in a spreadsheet."""
    cells = [cell_of(selection, name, Options()) for name in selection.columns]
    for rows, context in export_pages(selection):
        for row in rows:
            yield [cell(row, context) for cell in cells]


def header_of(selection: Selection, options: Options) -> list[str]:
    """The head of each column; a label that two columns share gets the field's name."""
    if options.header == "names":
        return list(selection.columns)
    labels = [_label(selection, name) for name in selection.columns]
    return [
        disarm(label if labels.count(label) == 1 else f"{label} ({name})")
        for name, label in zip(selection.columns, labels, strict=True)
    ]


def with_labels(selection: Selection) -> Selection:
    """The selection with a column for the sorts of e-mails and phones beside each of those."""
    fields = selection.declaration.fields
    columns: list[str] = []
    for name in selection.columns:
        columns.append(name)
        if name in fields and fields[name].labelled:
            columns.append(name + SORTS)
    return replace(selection, columns=tuple(columns))


def _label(selection: Selection, name: str) -> str:
    if name == "id":
        return "ID"
    label = str(selection.declaration.fields[name.removesuffix(SORTS)].label)
    return _("%(field)s type") % {"field": label} if name.endswith(SORTS) else label


def cell_of(selection: Selection, name: str, options: Options) -> Cell:
    """How the column of that name is written as text, disarmed where formulas are run."""
    if name == "id":
        return lambda row, context: str(row.id)
    if name.endswith(SORTS):
        return _sorts_of(selection, name.removesuffix(SORTS), options)
    kind = selection.declaration.fields[name]
    guard, write = _guard(kind) if options.is_sheet else str, _writer(kind, options)

    def cell(row: Row, context: Context) -> str:
        value = row.values.get(name)
        return "" if value is None or value == "" else guard(write(value, context))

    return cell


def _sorts_of(selection: Selection, name: str, options: Options) -> Cell:
    kind: Any = selection.declaration.fields[name]
    guard = disarm if options.is_sheet else str
    return lambda row, context: guard(kind.export_labels(row.values.get(name)))


def _writer(kind: Kind, options: Options) -> Callable[[Any, Context], str]:
    """The kind's own text; for a computed value without one, what its cell shows."""
    if options.links == "ids" and (written := _ids_of(kind)):
        return written
    if isinstance(kind, Computed) and type(kind).export is Kind.export:
        return lambda value, context: " ".join(strip_tags(kind.show(value, context)).split())
    return kind.export


def _ids_of(kind: Kind) -> Callable[[Any, Context], str] | None:
    """Related records by their keys, for kinds that point at any; users are known by name."""
    if isinstance(kind, Links):
        return lambda value, context: ";".join(str(key) for _object, key in value or [])
    if isinstance(kind, FiledRows):
        return lambda value, context: kind.export(value, replace(context, titles={}))
    if isinstance(kind, Relation) and kind.to != "user":
        return lambda value, context: str(value)
    return None


def _guard(kind: Kind) -> Callable[[str], str]:
    """Numbers and times are written by ourselves from digits; all else may be a formula."""
    if kind.type == "phones":
        return disarm_phones
    return str if kind.numeric or kind.type in ("date", "datetime", "boolean") else disarm
