"""What the rows of a chunk could be matched by, so that the next chunk may be written beside it."""

from __future__ import annotations

from collections.abc import Collection, Sequence, Set
from dataclasses import dataclass

from django.db import connection
from psycopg import sql

from rapport.records.declare import Object
from rapport.records.imports.running.lanes import Key
from rapport.records.imports.running.matching import folded, steps
from rapport.records.imports.running.parsing import Parsed
from rapport.records.imports.running.staging import ways_table

KEYS = "SELECT array_agg(key), array_agg(n) FROM ({part}) AS given (key, n)"
ADDRESSES = "SELECT hashtextextended(normalised, {step}), n FROM {staged}"
COLUMNS = """
SELECT hashtextextended(concat_ws(' ', {values}), {step}), n FROM stage AS s WHERE {given}
"""


@dataclass(frozen=True, slots=True)
class Touched:
    """Each key by which `match` could find a row, and the row's number: fingerprints as they are,
    the others as numbers."""

    keys: list[Key]
    rows: list[int]

    def meeting(self, others: Set[Key]) -> set[int]:
        """The rows that have one of the others' keys, and those that share a key with these."""
        pairs = list(zip(self.keys, self.rows, strict=True))
        met: set[int] = set()
        more = {row for key, row in pairs if key in others}
        while more != met:
            met = more
            keys = {key for key, row in pairs if row in met}
            more = {row for key, row in pairs if key in keys}
        return met


def touched(declaration: type[Object], rows: Sequence[Parsed], columns: Collection[str]) -> Touched:
    """The keys of rows that are in the stage; the same keys look the same in every chunk."""
    parts = [
        _step(declaration, declaration.match.index(one), one) for one in steps(declaration, columns)
    ]
    keys: list[Key] = [row.fingerprint for row in rows]
    numbers = [row.number for row in rows]
    with connection.cursor() as cursor:
        for part in parts:
            cursor.execute(sql.SQL(KEYS).format(part=part))
            more, theirs = cursor.fetchone()
            keys += more or ()
            numbers += theirs or ()
    return Touched(keys, numbers)


def _step(declaration: type[Object], place: int, step: tuple[str, ...]) -> sql.Composed:
    number = sql.Literal(place)
    if declaration.fields[step[0]].staged:
        return sql.SQL(ADDRESSES).format(staged=ways_table(step[0]), step=number)
    texts = [folded(declaration, name, "s") for name in step]
    return sql.SQL(COLUMNS).format(
        values=sql.SQL(", ").join(text for text, _is_given in texts),
        given=sql.SQL(" AND ").join(is_given for _text, is_given in texts),
        step=number,
    )
