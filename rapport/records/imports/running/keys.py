"""What the rows of a chunk could be matched by, so that the next chunk may be written beside it."""

from __future__ import annotations

from collections.abc import Collection, Set
from dataclasses import dataclass

from django.db import connection
from psycopg import sql

from rapport.records.declare import Object
from rapport.records.imports.running.matching import folded, steps
from rapport.records.imports.running.staging import ways_table

KEYS = "SELECT array_agg(key), array_agg(n) FROM ({parts}) AS given (key, n)"
FINGERPRINTS = "SELECT uuid_hash_extended(fingerprint, 0), n FROM stage"
ADDRESSES = "SELECT hashtextextended(normalised, {step}), n FROM {staged}"
COLUMNS = """
SELECT hashtextextended(concat_ws(' ', {values}), {step}), n FROM stage AS s WHERE {given}
"""


@dataclass(frozen=True, slots=True)
class Touched:
    """A number for each key by which `match` could find a row, and the row's number."""

    keys: list[int]
    rows: list[int]

    def meeting(self, others: Set[int]) -> set[int]:
        """The rows that have one of the others' keys, and those that share a key with these."""
        pairs = list(zip(self.keys, self.rows, strict=True))
        met: set[int] = set()
        more = {row for key, row in pairs if key in others}
        while more != met:
            met = more
            keys = {key for key, row in pairs if row in met}
            more = {row for key, row in pairs if key in keys}
        return met


def touched(declaration: type[Object], columns: Collection[str]) -> Touched:
    """The keys of the staged rows; the same keys have the same numbers in every chunk."""
    parts: list[sql.Composable] = [sql.SQL(FINGERPRINTS)]
    parts += [
        _step(declaration, declaration.match.index(one), one) for one in steps(declaration, columns)
    ]
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL(KEYS).format(parts=sql.SQL(" UNION ALL ").join(parts)))
        keys, rows = cursor.fetchone()
    return Touched(keys or [], rows or [])


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
