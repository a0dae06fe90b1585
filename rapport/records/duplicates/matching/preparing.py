"""Brings rows into the one form in which they are compared, as the table `people` of DuckDB."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import batched
from typing import TYPE_CHECKING

from rapport.records.duplicates.matching.definitions import COLUMNS, LISTS
from rapport.records.duplicates.matching.statements import compose

if TYPE_CHECKING:
    import duckdb

BATCH = 50_000
#: An address that so many rows share is a switchboard or an info@, and says nothing.
MOST_SHARED = 20
FEWEST_DIGITS = 6
NATIONAL_DIGITS = 9
#: What rows bring, as it stands in a file; `emails` and `phones` part several by semicolons.
GIVEN = (
    "given", "middle", "family", "name", "company", "emails", "phones", "website", "number",
    "street", "extra", "city", "postcode", "region", "country", "birth", "national_id",
)  # fmt: skip

INSERT = "INSERT INTO raw ({names}) SELECT * FROM batch"
FOREIGN = "SELECT DISTINCT {name} FROM raw WHERE regexp_matches(strip_accents({name}), $1)"
SPELL = "UPDATE raw SET {name} = latin FROM spelt WHERE {name} = own"
PEOPLE = """
CREATE TABLE people AS
SELECT row, {chosen}, email[1] AS email_1, phone[1] AS phone_1 FROM raw
"""
SHARED = """
CREATE TEMP TABLE shared AS
SELECT value FROM (SELECT unnest({name}) AS value FROM people) GROUP BY value HAVING count(*) > $1
"""
FORGET = """
UPDATE people SET {name} = kept.values
FROM (SELECT row, nullif(list(value) FILTER (value NOT IN (FROM shared)), []) AS values
      FROM (SELECT row, unnest({name}) AS value FROM people) GROUP BY row) AS kept
WHERE kept.row = people.row
"""

FORMS = (
    r"\b(gmbh|co|kg|ag|ug|ohg|mbh|inc|incorporated|llc|llp|ltd|limited|plc|corp|corporation|"
    r"company|sa|sl|slu|s l|s a|sas|sarl|srl|spa|bv|nv|oy|ab|as|aps|pty|sp z o o|the)\b"
)
STREETS = {
    "street": "st", "str": "st", "strasse": "st", "road": "rd", "avenue": "av", "ave": "av",
    "avenida": "av", "avda": "av", "place": "pl", "plaza": "pl", "platz": "pl", "calle": "c",
    "drive": "dr", "lane": "ln", "court": "ct", "boulevard": "blvd", "square": "sq", "rue": "r",
}  # fmt: skip


def prepare(
    connection: duckdb.DuckDBPyConnection,
    rows: Iterable[Sequence[str | int]],
    given: Sequence[str],
    day_first: bool = True,
) -> int:
    """Fill `people` from rows whose first value is a whole number that names them, and whose others
    are those of `given`, names out of GIVEN. Returns how many there are."""
    count = load(connection, rows, given)
    spell_in_latin(connection, given)
    connection.execute(people_sql(day_first))
    connection.execute("DROP TABLE raw")
    forget_shared(connection)
    return count


def load(
    connection: duckdb.DuckDBPyConnection,
    rows: Iterable[Sequence[str | int]],
    given: Sequence[str],
) -> int:
    """Copy the rows into `raw`."""
    import pyarrow as pa

    texts = ", ".join(f"{name} VARCHAR" for name in GIVEN)
    connection.execute(compose("CREATE TABLE raw (row BIGINT, {texts})", texts=texts))
    names = ["row", *given]
    types = [pa.int64(), *(pa.string() for _name in given)]
    count, insert = 0, compose(INSERT, names=", ".join(names))
    for batch in batched(rows, BATCH):
        columns = zip(*batch, strict=True)
        arrays = [pa.array(one, kind) for one, kind in zip(columns, types, strict=True)]
        connection.register("batch", pa.table(arrays, names=names))
        connection.execute(insert)
        connection.unregister("batch")
        count += len(batch)
    return count


def spell_in_latin(connection: duckdb.DuckDBPyConnection, given: Sequence[str]) -> None:
    """Write names and places in Latin letters: Иванов meets Ivanov, ß meets ss."""
    import pyarrow as pa
    from anyascii import anyascii

    for name in set(given) - {"emails", "phones", "birth", "national_id"}:
        found = connection.execute(compose(FOREIGN, name=name), [r"[^\x00-\x7f]"]).fetchall()
        texts = [row[0] for row in found]
        if not texts:
            continue
        spelt = pa.table({"own": texts, "latin": [anyascii(text) for text in texts]})
        connection.register("spelt", spelt)
        connection.execute(compose(SPELL, name=name))
        connection.unregister("spelt")


def people_sql(day_first: bool) -> str:
    """The statement that makes `people` of `raw`."""
    columns = {
        **name_columns(),
        "company": f"nullif(trim(regexp_replace({folded('company')}, '{FORMS}', '', 'g')), '')",
        "email": listed("emails", "lower(trim(one))", "contains(one, '@')"),
        "phone": listed("phones", phone("one"), f"length({phone('one')}) >= {FEWEST_DIGITS}"),
        "web": web("website"),
        **address_columns(),
        "birth": birth("birth", day_first),
        "national_id": "nullif(regexp_replace(upper(national_id), '[^A-Z0-9]', '', 'g'), '')",
    }
    chosen = ", ".join(f"{sql} AS {name}" for name, sql in columns.items())
    missing = set(COLUMNS) - set(columns)
    if missing:
        raise LookupError(f"Nothing prepares {', '.join(sorted(missing))}.")
    return compose(PEOPLE, chosen=chosen)


def folded(name: str) -> str:
    """Small letters and digits without accents, one blank between words."""
    plain = f"lower(strip_accents(coalesce({name}, '')))"
    joined = f"regexp_replace({plain}, '[''’`´.]', '', 'g')"
    return f"trim(regexp_replace({joined}, '[^a-z0-9]+', ' ', 'g'))"


def name_columns() -> Mapping[str, str]:
    """Both halves of a name; a whole one is parted at its comma or before its last word."""
    turned = "regexp_replace(name, '^([^,]+),(.+)$', '\\2 \\1')"
    whole = folded(turned)
    is_parted = "coalesce(given, '') <> '' OR coalesce(family, '') <> ''"
    return {
        "given": f"nullif(CASE WHEN {is_parted} THEN {folded('given')} "
        f"ELSE regexp_replace({whole}, ' ?[^ ]+$', '') END, '')",
        "family": f"nullif(CASE WHEN {is_parted} THEN {folded('family')} "
        f"ELSE regexp_extract({whole}, '[^ ]+$') END, '')",
    }


def address_columns() -> Mapping[str, str]:
    """House number and street apart, wherever the number was written."""
    street = folded("street")
    own_number = "regexp_replace(lower(coalesce(number, '')), '[^a-z0-9]', '', 'g')"
    in_street = f"regexp_extract({street}, '(^| )([0-9]+ ?[a-z]?)( |$)', 2)"
    bare = (
        f"CASE WHEN coalesce(number, '') = '' "
        f"THEN trim(regexp_replace({street}, '(^| )[0-9]+ ?[a-z]?( |$)', ' ')) ELSE {street} END"
    )
    for long, short in STREETS.items():
        bare = f"regexp_replace({bare}, '\\b{long}\\b', '{short}', 'g')"
    number = f"coalesce(nullif({own_number}, ''), nullif(replace({in_street}, ' ', ''), ''))"
    return {
        "number": number,
        "street": f"nullif({bare}, '')",
        "extra": f"nullif({folded('extra')}, '')",
        "city": f"nullif({folded('city')}, '')",
        "postcode": "nullif(regexp_replace(upper(postcode), '[^A-Z0-9]', '', 'g'), '')",
        "region": f"nullif({folded('region')}, '')",
        "country": f"nullif({folded('country')}, '')",
    }


def listed(name: str, value: str, condition: str) -> str:
    """The distinct values of a cell that parts several by semicolons; NULL for none."""
    parts = f"string_split(coalesce({name}, ''), ';')"
    kept = f"[{value} FOR one IN {parts} IF {condition}]"
    return f"CASE WHEN length({kept}) > 0 THEN list_distinct({kept}) END"


def phone(value: str) -> str:
    """The last nine digits: with and without the country's prefix they are the same."""
    return f"right(regexp_replace({value}, '[^0-9]', '', 'g'), {NATIONAL_DIGITS})"


def web(name: str) -> str:
    """The host alone."""
    host = f"regexp_extract(lower(trim({name})), '^(?:[a-z]+://)?(?:www[.])?([^/:?#]+)', 1)"
    return f"nullif({host}, '')"


def birth(name: str, day_first: bool) -> str:
    """A date as eight digits, year first; anything else as its digits."""
    plain = f"trim({name})"
    parts = r"^(\d{1,2})\D(\d{1,2})\D(\d{4})"
    day, month = ("1", "2") if day_first else ("2", "1")
    turned = (
        f"regexp_extract({plain}, '{parts}', 3) "
        f"|| lpad(regexp_extract({plain}, '{parts}', {month}), 2, '0') "
        f"|| lpad(regexp_extract({plain}, '{parts}', {day}), 2, '0')"
    )
    digits = f"left(regexp_replace({plain}, '[^0-9]', '', 'g'), 8)"
    is_turned = f"regexp_matches({plain}, '{parts}')"
    return f"nullif(CASE WHEN {is_turned} THEN {turned} ELSE {digits} END, '')"


def forget_shared(connection: duckdb.DuckDBPyConnection) -> None:
    """Take out addresses that many rows share: they are nobody's own."""
    for name in sorted(LISTS):
        connection.execute(compose(SHARED, name=name), [MOST_SHARED])
        if connection.execute("SELECT count(*) FROM shared").fetchall()[0][0]:
            connection.execute(compose(FORGET, name=name))
            connection.execute(compose("UPDATE people SET {name}_1 = {name}[1]", name=name))
        connection.execute("DROP TABLE shared")


def filled_columns(connection: duckdb.DuckDBPyConnection) -> frozenset[str]:
    """The columns of `people` in which any row has a value."""
    counts = ", ".join(f"count({name})" for name in COLUMNS)
    select = compose("SELECT {counts} FROM people", counts=counts)
    found = connection.execute(select).fetchall()[0]
    return frozenset(name for name, count in zip(COLUMNS, found, strict=True) if count)
