"""Opens a table kept in a file: CSV, workbook or vCard, whatever its encoding and dialect."""

from rapport.records.imports.reading.limits import Limits
from rapport.records.imports.reading.opening import open_table
from rapport.records.imports.reading.table import Note, Row, Table, Tally
from rapport.records.imports.reading.unreadable import Unreadable

__all__ = ["Limits", "Note", "Row", "Table", "Tally", "Unreadable", "open_table"]
