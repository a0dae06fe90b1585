"""Which rows are looked at together: those that share a key that is rare enough."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rapport.records.duplicates.matching.definitions import KEYS, LISTS
from rapport.records.duplicates.matching.statements import compose

if TYPE_CHECKING:
    import duckdb

#: Pairs that one key may bring, as a multiple of the rows: its largest groups give way first.
PAIRS_A_ROW = 2.0
LARGEST_GROUP = 200
FEWEST_PAIRS = 20_000

KEYED = "SELECT row, hash({key}) AS key FROM people WHERE {given}"
GROUPS = """
SELECT max(size) FROM (
  SELECT size, sum(size * (size - 1) / 2 * groups) OVER (ORDER BY size) AS pairs
  FROM (SELECT size, count(*) AS groups
        FROM (SELECT count(*) AS size FROM keyed GROUP BY key) GROUP BY size))
WHERE pairs <= $1 AND size <= $2
"""
KEPT = """
CREATE TEMP TABLE kept AS SELECT row, key FROM keyed
QUALIFY count(*) OVER (PARTITION BY key) BETWEEN 2 AND $1
"""
MET = """
INSERT INTO met SELECT (l.row::UBIGINT << 32) | r.row::UBIGINT
FROM kept AS l JOIN kept AS r ON l.key = r.key AND l.row < r.row
"""
CANDIDATES = """
CREATE TABLE candidates AS
SELECT '0' AS match_key, (pair >> 32)::BIGINT AS join_key_l,
       (pair & 4294967295)::BIGINT AS join_key_r
FROM (SELECT DISTINCT pair FROM met)
"""


def make_candidates(
    connection: duckdb.DuckDBPyConnection, filled: frozenset[str], rows: int
) -> int:
    """Fill `candidates` with the distinct pairs (join_key_l < join_key_r) that share a key.

    Returns how many there are."""
    connection.execute("CREATE TABLE met (pair UBIGINT)")
    for forms in KEYS:
        usable = [form for form in forms if all(part.partition(":")[0] in filled for part in form)]
        if usable:
            meet(connection, usable, max(int(rows * PAIRS_A_ROW), FEWEST_PAIRS))
    connection.execute(CANDIDATES)
    connection.execute("DROP TABLE met")
    return int(connection.execute("SELECT count(*) FROM candidates").fetchall()[0][0])


def meet(connection: duckdb.DuckDBPyConnection, forms: list[tuple[str, ...]], most: int) -> None:
    """Add the pairs of one key."""
    union = " UNION ".join(key_sql(form) for form in forms)
    connection.execute(compose("CREATE TEMP TABLE keyed AS {union}", union=union))
    connection.execute(KEPT, [largest_group(connection, most)])
    connection.execute(MET)
    connection.execute("DROP TABLE keyed")
    connection.execute("DROP TABLE kept")


def largest_group(connection: duckdb.DuckDBPyConnection, most: int) -> int:
    """The largest group of one key that can be taken with all smaller ones."""
    found = connection.execute(GROUPS, [most, LARGEST_GROUP]).fetchall()
    return max(int(found[0][0] or 0), 2)


def key_sql(form: tuple[str, ...]) -> str:
    """Rows with their key, a hash; lists give one for each value."""
    values = []
    given = []
    for part in form:
        name, _colon, length = part.partition(":")
        values.append(f"left({name}, {length})" if length else name)
        given.append(f"{name} IS NOT NULL")
    key = f"unnest({form[0]})" if form[0] in LISTS else ", ".join(values)
    return compose(KEYED, key=key, given=" AND ".join(given))
