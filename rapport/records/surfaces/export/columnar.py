"""Parquet in flat memory: a group of rows for each page, with columns of their own types."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from rapport.records.kinds import Context, Kind
from rapport.records.kinds.choice import Boolean
from rapport.records.kinds.number import Decimals, Integer, Money
from rapport.records.kinds.time import Date, DateTime
from rapport.records.reading import Row
from rapport.records.reading.selection import Selection
from rapport.records.surfaces.export.options import Options
from rapport.records.surfaces.export.rows import cell_of, export_pages, header_of

CHUNK = 1 << 16
MOST_DIGITS = 38

type Count = Callable[[int], None]
type Value = Callable[[Row, Context], Any]


def parquet_chunks(selection: Selection, options: Options, count: Count) -> Iterator[bytes]:
    """One Parquet file; texts are as they are, since no program runs them."""
    with tempfile.TemporaryDirectory(prefix="rapport-export-") as folder:
        path = Path(folder) / "export.parquet"
        _write(path, selection, options, count)
        with path.open("rb") as file:
            while chunk := file.read(CHUNK):
                yield chunk


def _write(path: Path, selection: Selection, options: Options, count: Count) -> None:
    # Only who writes such a file pays for the library.
    import pyarrow as pa
    import pyarrow.parquet as pq

    columns = [_column(selection, name, options) for name in selection.columns]
    types = [type_ for type_, _value in columns]
    names = _unlike(header_of(selection, options))
    schema = pa.schema(list(zip(names, types, strict=True)))
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        for rows, context in export_pages(selection):
            values = [
                pa.array([value(row, context) for row in rows], type_) for type_, value in columns
            ]
            writer.write_table(pa.Table.from_arrays(values, schema=schema))
            count(len(rows))


def _unlike(names: list[str]) -> list[str]:
    """Names that differ, as programs want them."""
    seen: dict[str, int] = {}
    made = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        made.append(name if seen[name] == 1 else f"{name} {seen[name]}")
    return made


def _column(selection: Selection, name: str, options: Options) -> tuple[Any, Value]:
    """The type of the column, and what a row has there."""
    fields = selection.declaration.fields
    kind = fields.get(name)
    # An amount whose currency has no column of its own goes as text, with it.
    is_whole = not isinstance(kind, Money) or (kind.currency_field in fields and not kind.is_custom)
    type_ = _type(kind) if kind is not None and is_whole else None
    if type_ is None:
        import pyarrow as pa

        text = cell_of(selection, name, options)
        return pa.string(), lambda row, context: text(row, context) or None
    plain = _plain(kind)
    return (
        type_,
        lambda row, context: None if (value := row.values.get(name)) is None else plain(value),
    )


def _type(kind: Kind) -> Any:
    """The Arrow type of a kind's values; None for what goes as text."""
    import pyarrow as pa

    match kind:
        case Boolean():
            return pa.bool_()
        case DateTime():
            return pa.timestamp("us", tz="UTC")
        case Date():
            return pa.date32()
        case Integer():
            return pa.int64()
        case Decimals():
            return pa.decimal128(MOST_DIGITS, kind.places)
    return None


def _plain(kind: Kind | None) -> Callable[[Any], Any]:
    match kind:
        case Boolean():
            return bool
        case Integer():
            return int
        case Decimals():
            places = kind.places
            return lambda value: round(
                Decimal(value[0] if isinstance(value, tuple) else value), places
            )
    return lambda value: value
