"""CSV and JSON Lines as a stream of bytes, a chunk per page of records."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator

from rapport.records.reading.documents import Encoder, document
from rapport.records.reading.selection import Selection
from rapport.records.surfaces.export.options import Options
from rapport.records.surfaces.export.rows import cell_of, export_pages, header_of

BYTE_ORDER_MARK = "\ufeff"

type Count = Callable[[int], None]


def csv_chunks(selection: Selection, options: Options, count: Count) -> Iterator[bytes]:
    """RFC 4180 in UTF-8; `count` is told how many rows each chunk has."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=options.delimiter)
    writer.writerow(header_of(selection, options))
    cells = [cell_of(selection, name, options) for name in selection.columns]
    yield ((BYTE_ORDER_MARK if options.bom else "") + text.getvalue()).encode()
    for rows, context in export_pages(selection):
        text.seek(0)
        text.truncate()
        writer.writerows([cell(row, context) for cell in cells] for row in rows)
        count(len(rows))
        yield text.getvalue().encode()


def json_chunks(selection: Selection, options: Options, count: Count) -> Iterator[bytes]:
    """One JSON object a line, as the API gives it."""
    encoder = Encoder(ensure_ascii=False, separators=(",", ":"))
    for rows, _context in export_pages(selection):
        lines = (
            encoder.encode(document(row, selection.declaration, selection.columns)) for row in rows
        )
        count(len(rows))
        yield "".join(f"{line}\n" for line in lines).encode()
