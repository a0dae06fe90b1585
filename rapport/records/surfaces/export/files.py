"""A selection as the bytes of a file, whatever the format."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from django.utils import timezone, translation

from rapport.records import access
from rapport.records.kinds.number import Money
from rapport.records.reading.selection import Selection
from rapport.records.surfaces.export.columnar import parquet_chunks
from rapport.records.surfaces.export.delimited import Count, csv_chunks, json_chunks
from rapport.records.surfaces.export.options import Options
from rapport.records.surfaces.export.rows import with_labels
from rapport.records.surfaces.export.workbook import workbook_chunks

SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True)
class Format:
    """One kind of file."""

    content_type: str
    chunks: Callable[[Selection, Options, Count], Iterator[bytes]]


FORMATS = {
    "csv": Format("text/csv; charset=utf-8; header=present", csv_chunks),
    "xlsx": Format(SPREADSHEET, workbook_chunks),
    "jsonl": Format("application/jsonl; charset=utf-8", json_chunks),
    "parquet": Format("application/vnd.apache.parquet", parquet_chunks),
}


def file_chunks(
    selection: Selection, options: Options, count: Count = lambda rows: None
) -> Iterator[bytes]:
    """The file in pieces; `count` is told the rows of each page as they are written."""
    if options.format in ("xlsx", "parquet"):
        selection = _with_currencies(selection)
    if options.format != "jsonl":
        selection = with_labels(selection)
    # A stream may be written by another thread than the one that read the request.
    with translation.override(selection.principal.language):
        yield from FORMATS[options.format].chunks(selection, options, count)


def file_name(selection: Selection, options: Options) -> str:
    """What the file is called when it is saved, such as people-2026-11-22.csv."""
    today = timezone.now().astimezone(selection.context.timezone).date()
    return f"{selection.declaration.plural}-{today.isoformat()}.{options.format}"


def _with_currencies(selection: Selection) -> Selection:
    """An amount is a bare number in a cell of its own type; its currency gets one beside it."""
    fields = selection.declaration.fields
    readable = access.fields(selection.principal, selection.declaration.name).readable
    columns: list[str] = []
    for name in selection.columns:
        columns.append(name)
        kind = fields.get(name)
        if isinstance(kind, Money) and not kind.is_custom and kind.currency_field in readable:
            columns.append(kind.currency_field)
    return replace(selection, columns=tuple(dict.fromkeys(columns)))
