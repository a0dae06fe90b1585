"""Parquet: turned to text by a process of its own, as workbooks are."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import IO, Any

from rapport.records.imports.reading import delimited, parquet_child
from rapport.records.imports.reading.children import spooled, told_by
from rapport.records.imports.reading.delimited import Choices, Found
from rapport.records.imports.reading.dialects import Dialect
from rapport.records.imports.reading.limits import Limits
from rapport.records.imports.reading.sources import Source
from rapport.records.imports.reading.unreadable import unreadable
from rapport.records.imports.reading.workbooks import WorkbookTable


def open_parquet(path: Path, limits: Limits) -> WorkbookTable:
    """The table of the file. Raises Unreadable (no_library, truncated, workbook_too_large)."""
    if importlib.util.find_spec("pyarrow") is None:
        raise unreadable("no_library")
    with spooled() as spool:
        told_by(parquet_child, [str(path)], spool, limits)
        return _table_of(spool, limits)


def _table_of(spool: IO[bytes], limits: Limits) -> WorkbookTable:
    source = Source(Path(spool.name), limits.file)
    lines = delimited.sample_lines(source, "utf-8")
    rows = delimited.sample_records(lines, Dialect())
    found = Found("utf-8", Dialect(), rows, lines)
    plain = delimited.build(source, limits, Choices(header=0), found)
    values: dict[str, Any] = dict(vars(plain))
    values |= {"format": "parquet", "encoding": "", "delimiter": "", "forced_text": False}
    return WorkbookTable(**values, spool=spool)
