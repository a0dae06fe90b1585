"""The statements of a search: of each object its tiers, best first, each asked only in need.

A tier ranks the first 500 records that the reader may see; the next one is not looked into where
it gave enough. What of a record is compared lies in its document, or is made of the record itself
for those whose documents may be behind, and for those visited last.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache
from typing import Any, LiteralString

from django.db.models import F, QuerySet, TextField, Value
from django.db.models.functions import Cast
from psycopg import sql

from rapport.records import access, registry
from rapport.records.compiled import NOTHING, AnyOf, Compiled, Given, compiled
from rapport.records.declare import Object
from rapport.records.kinds.text import Text
from rapport.records.search.documents import sought, words_of
from rapport.records.sql import SortText

CANDIDATES = 500


class Tier(IntEnum):
    """How well a record fits what was typed, best first."""

    EXACT = 0
    BEGINNING = 1
    NAME = 2
    ADDRESS = 3
    TEXT = 4
    INSIDE = 5
    NEAR = 6
    FAR = 7


BEGINS = "r.sort LIKE rapport_like(%(typed)s) || '%%'"
BY_NAME: dict[Tier, LiteralString] = {
    Tier.EXACT: "r.sort = rapport_sort(%(typed)s)",
    # The range is for the index: these statements are planned before the letters are known.
    Tier.BEGINNING: (
        f"{BEGINS} AND r.sort <> rapport_sort(%(typed)s) AND r.sort >= rapport_fold(%(typed)s) "
        "AND r.sort < rapport_fold(%(typed)s) || chr(1114111)"
    ),
}
#: Of these the records that have the words as they were typed are asked for first: a whole word is
#: looked up, while the beginning of one gathers all that begin so.
SPLIT = (Tier.NAME, Tier.TEXT)
YES, NO = sql.SQL("true"), sql.SQL("false")
#: Tiers by words, each with the one whose records it leaves out.
BY_WORDS: dict[Tier, Tier | None] = {
    Tier.NAME: None, Tier.TEXT: Tier.NAME,
    Tier.INSIDE: None, Tier.NEAR: Tier.INSIDE, Tier.FAR: Tier.NEAR,
}  # fmt: skip
TITLED = """
(SELECT c.* FROM (
  SELECT r.id, r.title, r.second, r.moment, {tier}::int, false AS is_whole
  FROM ({rows}) AS r (id, sort, title, second, moment)
  WHERE {condition} LIMIT {candidates}
) AS c ORDER BY c.moment DESC, c.id DESC LIMIT %(most)s)
"""
WORDED = """
(SELECT c.* FROM (
  SELECT r.id, r.title, r.second, r.moment, {tier}::int, {is_whole} AS is_whole
  FROM ({rows}) AS r (id, sort, title, second, moment)
  JOIN records_searchdocument AS d ON d.id = r.id
  WHERE d.words @@ {wanted}::tsquery AND NOT ({known}) LIMIT {candidates}
) AS c ORDER BY c.is_whole DESC, c.moment DESC, c.id DESC LIMIT %(most)s)
"""
LAZY = "SELECT {object}, a.*, false FROM ({tiers}) AS a LIMIT rapport_alone(%(most)s * {times})"
# Where a reader sees few records, those few are looked at one by one: by a common word all that
# have it would be looked up to find that he sees none of them.
FEW = """
(SELECT f.* FROM (
  SELECT r.id, r.title, r.second, r.moment, CASE {cases} END AS tier,
         coalesce({better}, false) AS is_whole
  FROM ({rows}) AS r (id, sort, title, second, moment)
  LEFT JOIN records_searchdocument AS d ON d.id = r.id
) AS f WHERE f.tier IS NOT NULL
ORDER BY f.tier, f.is_whole DESC, f.moment DESC, f.id DESC LIMIT %(most)s)
"""
# The words of a record are made once, not for each comparison: hence the offset.
FRESH = """
SELECT {object}, f.id, f.title, f.second, f.moment, f.tier, f.is_whole, true FROM (
  SELECT r.id, r.title, r.second, r.moment, CASE {cases} END AS tier,
         coalesce({better}, false) AS is_whole
  FROM (SELECT * FROM ({rows}) AS made OFFSET 0)
    AS r (id, sort, title, second, moment, words)
  CROSS JOIN LATERAL (SELECT r.words) AS d (words)
) AS f WHERE f.tier IS NOT NULL
"""
NAMED = """
SELECT {object}, r.id, r.title, r.second, r.moment, 0, true
FROM ({rows}) AS r (id, sort, title, second, moment)
"""


@dataclass(frozen=True, slots=True)
class Way:
    """How an object is searched: all that shapes the statement but for what was typed."""

    tiers: tuple[Tier, ...]
    #: Fields with rows of their own in which a part of an address or number is sought.
    addresses: tuple[str, ...] = ()
    #: Whether the reader sees so few records that they are looked at one by one.
    is_narrow: bool = False


@lru_cache(maxsize=1024)
def kept_query(_edition: int, name: str, reached: access.Reach, way: Way) -> Compiled:
    """Up to `most` records by their documents, and by the indexes of their names."""
    declaration = registry.get(name)
    rows = _rows(declaration, access.reached_rows(declaration, reached))
    if not rows.text:
        return NOTHING
    parts: list[sql.Composed] = []
    values = dict(rows.values)
    if way.is_narrow:
        parts += _few(declaration, way, rows)
    for tier in way.tiers:
        if tier is Tier.ADDRESS:
            for field in way.addresses:
                found = _by_address(declaration, reached, field)
                values |= found.values
                parts.append(_titled(found.text, tier, "true"))
        elif not way.is_narrow:
            parts += _tier(declaration, tier, way, rows)
    if not parts:
        return NOTHING
    text = sql.SQL(LAZY).format(
        object=sql.Literal(name),
        tiers=sql.SQL(" UNION ALL ").join(parts),
        times=len(parts) if way.is_narrow else 1,
    )
    return Compiled(text.as_string(None), values)


@lru_cache(maxsize=1024)
def fresh_query(_edition: int, name: str, reached: access.Reach, way: Way) -> Compiled:
    """Of the records named by a place, those that fit, by what they say themselves."""
    declaration = registry.get(name)
    reachable = access.reached_rows(declaration, reached)
    some = reachable.filter(AnyOf(F("pk"), Given(f"{name}_fresh")))
    rows = _rows(declaration, some, words_of(declaration))
    compared = _compared(declaration, way)
    if compared is None or not rows.text:
        return NOTHING
    text = sql.SQL(FRESH).format(object=sql.Literal(name), rows=sql.SQL(rows.text), **compared)
    return Compiled(text.as_string(None), rows.values)


@lru_cache(maxsize=256)
def named_query(_edition: int, name: str, reached: access.Reach) -> Compiled:
    """How the records are called that a place names."""
    declaration = registry.get(name)
    reachable = access.reached_rows(declaration, reached)
    rows = _rows(declaration, reachable.filter(AnyOf(F("pk"), Given(f"{name}_visited"))))
    if not rows.text:
        return NOTHING
    text = sql.SQL(NAMED).format(object=sql.Literal(name), rows=sql.SQL(rows.text))
    return Compiled(text.as_string(None), rows.values)


def _few(declaration: type[Object], way: Way, rows: Compiled) -> Iterator[sql.Composed]:
    compared = _compared(declaration, way)
    if compared is not None:
        yield sql.SQL(FEW).format(rows=sql.SQL(rows.text), **compared)


def _compared(declaration: type[Object], way: Way) -> dict[str, sql.Composable] | None:
    """How one record is compared with each tier in turn; None where with none."""
    by_words = [tier for tier in way.tiers if tier in BY_WORDS]
    is_named = sought(declaration).name is not None
    cases = [
        sql.SQL("WHEN {} THEN {}").format(sql.SQL(condition), tier.value)
        for tier, condition in BY_NAME.items()
        if tier in way.tiers and is_named
    ]
    cases += [
        sql.SQL("WHEN {} THEN {}").format(
            _has(_place(declaration.name, tier, "wanted")), tier.value
        )
        for tier in by_words
    ]
    better = _has(_place(declaration.name, by_words[0], "better")) if by_words else NO
    return {"cases": sql.SQL(" ").join(cases), "better": better} if cases else None


def place(name: str, tier: Tier, what: str) -> str:
    """What the place of a tier's query is called."""
    return f"{name}_{what}_{tier.value}"


def _place(name: str, tier: Tier, what: str) -> sql.Placeholder:
    return sql.Placeholder(place(name, tier, what))


def _titled(rows: str, tier: Tier, condition: LiteralString) -> sql.Composed:
    return sql.SQL(TITLED).format(
        rows=sql.SQL(rows),
        tier=sql.Literal(tier.value),
        condition=sql.SQL(condition),
        candidates=CANDIDATES,
    )


def _tier(
    declaration: type[Object], tier: Tier, way: Way, rows: Compiled
) -> Iterator[sql.Composed]:
    """The records of a tier; of names and texts first those that have the words as typed."""
    is_named = sought(declaration).name is not None
    if tier in BY_NAME:
        if is_named:
            yield _titled(rows.text, tier, BY_NAME[tier])
        return
    wanted, better = (_place(declaration.name, tier, what) for what in ("wanted", "better"))
    known: sql.Composable = sql.SQL(BEGINS) if tier is Tier.NAME and is_named else NO
    before = BY_WORDS[tier]
    if before in way.tiers:
        known = _has(_place(declaration.name, before, "wanted"))
    if tier in SPLIT:
        yield _worded(rows.text, tier, better, YES, known)
        known = sql.SQL("{} OR {}").format(known, _has(better))
    yield _worded(rows.text, tier, wanted, NO if tier in SPLIT else _has(better), known)


def _worded(
    rows: str, tier: Tier, wanted: sql.Composable, is_whole: sql.Composable, known: sql.Composable
) -> sql.Composed:
    return sql.SQL(WORDED).format(
        rows=sql.SQL(rows),
        tier=sql.Literal(tier.value),
        wanted=wanted,
        is_whole=is_whole,
        known=known,
        candidates=CANDIDATES,
    )


def _has(query: sql.Composable) -> sql.Composed:
    return sql.SQL("d.words @@ {}::tsquery").format(query)


def _rows(declaration: type[Object], rows: QuerySet[Any], *more: Any) -> Compiled:
    """Key, name as it is ordered, name, second line and moment of the last change."""
    title = declaration.fields[declaration.title]
    subtitle = declaration.fields.get(declaration.subtitle)
    nothing = Value("", output_field=TextField())
    return compiled(
        rows.order_by().values_list(
            "pk",
            SortText(F(title.path)) if sought(declaration).name else nothing,
            Cast(F(title.path), TextField()),
            Cast(F(subtitle.path), TextField()) if isinstance(subtitle, Text) else nothing,
            "updated_at",
            *more,
        )
    )


def _by_address(declaration: type[Object], reached: access.Reach, field: str) -> Compiled:
    kind: Any = declaration.fields[field]
    rows = access.reached_rows(declaration, reached)
    return _rows(declaration, rows.filter(kind.holding(Given(f"{field}_like"))))
