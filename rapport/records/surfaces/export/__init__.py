"""Files of records: what a list shows, as CSV, XLSX, JSON Lines or Parquet.

`export_rows(selection)` yields rows of text in flat memory; `file_chunks(selection, options)` the
bytes of a file; `write_everything` a ZIP of all objects. Pages, jobs and the command line all
go through these three.

What an import must undo: every cell of CSV and XLSX went through `rapport.kit.formulas.disarm`
(numbers, dates and phone numbers pass it unchanged), so an import calls `restore` on every cell
before a kind parses it; then `kind.parse` of what `kind.export` gave is the same value. Relations
are written by title, several values of one cell with `;` between them.
"""

from rapport.records.surfaces.export.everything import size_of, write_everything
from rapport.records.surfaces.export.files import FORMATS, file_chunks
from rapport.records.surfaces.export.options import BadOption, Options, read_options
from rapport.records.surfaces.export.rows import export_pages, export_rows

__all__ = [
    "FORMATS",
    "BadOption",
    "Options",
    "export_pages",
    "export_rows",
    "file_chunks",
    "read_options",
    "size_of",
    "write_everything",
]
