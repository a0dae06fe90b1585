"""Records by what was typed: the one function behind palette, page and API."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from time import monotonic
from typing import Any
from uuid import UUID

from psycopg import sql

from rapport.accounts.principals import Principal, Scope
from rapport.records import access, registry
from rapport.records.compiled import Compiled, union
from rapport.records.declare import Object
from rapport.records.kinds import Choice
from rapport.records.models import Visit
from rapport.records.reading.counting import estimate
from rapport.records.search.asking import MOST_WORDS, Asked, Widened
from rapport.records.search.confided import private_records
from rapport.records.search.documents import is_searched, shape
from rapport.records.search.frequency import any_frequent
from rapport.records.search.keeping import CURSOR
from rapport.records.search.lexicon import FURTHER, meant_by
from rapport.records.search.tiers import (
    BY_WORDS,
    Tier,
    Way,
    fresh_query,
    kept_query,
    named_query,
    place,
)

#: Letters of a search that count.
LONGEST = 200
#: Changes that may be ahead of the documents and are looked at one by one.
MOST_AHEAD = 200
#: Visits that are thought of.
MOST_VISITS = 30
#: Records of an object that a reader may see and that are looked at one by one.
FEW = 2_000
#: Behind the name of a field of addresses, what is sought in it.
LIKE = "_like"
#: With fewer hits than these, other spellings are tried.
ENOUGH = 3

# What was changed last comes first: there may be more than are looked at while many are taken in.
STATE = """
SELECT rapport_words(%(typed)s::text), shape.objects, shape.digests, ahead.objects, ahead.keys,
       seen.objects, seen.keys, mine.objects, mine.keys
FROM (
  SELECT coalesce(array_agg(object), '{{}}') AS objects,
         coalesce(array_agg(digest), '{{}}') AS digests
  FROM records_searchshape WHERE is_ready
) AS shape, (
  SELECT coalesce(array_agg(object), '{{}}') AS objects,
         coalesce(array_agg(record_id), '{{}}') AS keys
  FROM (
    SELECT object, record_id FROM records_change
    WHERE xid > coalesce((SELECT xid FROM records_cursor WHERE name = %(cursor)s), 0)::text::xid8
    ORDER BY xid DESC, id DESC LIMIT %(ahead)s::int * 4
  ) AS one WHERE record_id IS NOT NULL
) AS ahead, (
  SELECT coalesce(array_agg(object), '{{}}') AS objects,
         coalesce(array_agg(record_id), '{{}}') AS keys
  FROM (
    SELECT object, record_id FROM records_visit
    WHERE user_id = %(user)s::uuid ORDER BY at DESC LIMIT %(visits)s
  ) AS one
) AS seen, (
  SELECT coalesce(array_agg(object), '{{}}') AS objects, coalesce(array_agg(id), '{{}}') AS keys
  FROM ({private}) AS one
) AS mine
"""


@dataclass(frozen=True, slots=True)
class Hit:
    """One record found, named like everywhere."""

    declaration: type[Object]
    id: UUID
    title: str
    second: str
    tier: Tier
    #: Whether each word stands in it as it was typed, and whether the reader was there of late.
    is_whole: bool = False
    is_visited: bool = False
    moment: datetime | None = None

    @property
    def url(self) -> str:
        """The page of the record."""
        return self.declaration.url(self.id)


@dataclass(slots=True)
class _State:
    """What a search has to know beforehand."""

    asked: Asked
    shapes: Mapping[str, str]
    #: By object the records that the documents are behind of, and those visited, latest first.
    ahead: dict[str, list[UUID]] = field(default_factory=dict)
    visited: dict[str, list[UUID]] = field(default_factory=dict)
    #: Rows beside records say whose they are, but not of which object.
    somewhere: list[UUID] = field(default_factory=list)
    #: Private ones that he may see, of which there is no document.
    private: dict[str, list[UUID]] = field(default_factory=dict)

    def fresh(self, name: str) -> list[UUID]:
        """The records of an object that are looked at as they stand."""
        changed = [*self.ahead.get(name, []), *self.somewhere]
        return [*changed, *self.visited.get(name, []), *self.private.get(name, [])]

    @property
    def behind(self) -> set[UUID]:
        """Records whose documents may say what is no longer so."""
        return {*(key for keys in self.ahead.values() for key in keys), *self.somewhere}


def find(principal: Principal, typed: str, *, only: str = "", most: int = 6) -> Sequence[Hit]:
    """Up to `most` records of each object, best first: exact names, names that begin so, words of
    names, addresses, words of texts; then, where that is too little, parts of words and other
    spellings. Within each what the reader visited last comes first.

    `only` names one object. Nothing of a record that the reader may not see shows in any way.
    """
    typed = " ".join(typed.split())[:LONGEST]
    objects = [one for one in access.visible_objects(principal) if is_searched(one)]
    objects = [one for one in objects if not only or one.name == only]
    if not typed or not objects:
        return []
    state = _state(principal, typed)
    if not state.asked.words:
        return []
    hits = _ask(principal, objects, state, _first(state.asked), most)
    if len(hits) < ENOUGH and not state.asked.is_short:
        # Whoever wrote it right is not told of other words.
        for turn in _further(state.asked, FURTHER[: 1 if hits else None]):
            hits += _ask(principal, objects, state, turn, most)
    return _ranked(hits, state, most)


def last_visited(principal: Principal, most: int = 8) -> Sequence[Hit]:
    """The records that the reader looked at last and may see still, the last one first."""
    if principal.user_id is None:
        return []
    visits = Visit.objects.filter(user_id=principal.user_id).order_by("-at")[:MOST_VISITS]
    state = _State(Asked("", ()), {})
    order: dict[UUID, int] = {}
    for number, visit in enumerate(visits):
        state.visited.setdefault(visit.object, []).append(visit.record_id)
        order[visit.record_id] = number
    queries: list[Compiled] = []
    given: dict[str, Any] = {}
    for one in access.visible_objects(principal):
        if keys := state.visited.get(one.name):
            reached = access.reach(principal, one)
            queries.append(named_query(registry.edition(), one.name, reached))
            given[f"{one.name}_visited"] = keys
    hits = [_hit(row, state) for row in union(queries).run(**given)] if queries else []
    return sorted(hits, key=lambda hit: order[hit.id])[:most]


def _state(principal: Principal, typed: str) -> _State:
    given: dict[str, Any] = {
        "typed": typed, "cursor": CURSOR, "ahead": MOST_AHEAD, "user": principal.user_id,
        "visits": MOST_VISITS, "holders": list(principal.holder_ids),
    }  # fmt: skip
    rows = Compiled(_state_text(registry.edition())).look_up(**given)
    ((words, names, digests, ahead, changed, seen, visited, private, mine),) = rows
    asked = Asked(typed, tuple(dict.fromkeys(words))[:MOST_WORDS])
    found = _State(asked, dict(zip(names, digests, strict=True)))
    for name, key in list(dict.fromkeys(zip(ahead, changed, strict=True)))[:MOST_AHEAD]:
        if registry.is_declared(name):
            found.ahead.setdefault(name, []).append(key)
        else:
            found.somewhere.append(key)
    for name, key in zip(private, mine, strict=True):
        found.private.setdefault(name, []).append(key)
    for name, key in zip(seen, visited, strict=True):
        found.visited.setdefault(name, []).append(key)
    return found


@lru_cache(maxsize=4)
def _state_text(edition: int) -> str:
    return sql.SQL(STATE).format(private=private_records(edition)).as_string(None)


@dataclass(frozen=True, slots=True)
class _Turn:
    """The tiers that are asked together, and for each what is wanted of a name or text."""

    tiers: tuple[Tier, ...]
    wanted: Mapping[Tier, tuple[Callable[[str], str], Callable[[str], str]]]

    def given(self, name: str) -> dict[str, str]:
        """The values of the places of an object's statements."""
        return {
            place(name, tier, what): ask(name)
            for tier, pair in self.wanted.items()
            for what, ask in zip(("wanted", "better"), pair, strict=True)
        }


def _first(asked: Asked) -> _Turn:
    names = (Tier.EXACT, Tier.BEGINNING, Tier.NAME)
    by_name = {Tier.NAME: (asked.named, asked.whole)}
    if asked.is_short:
        return _Turn(names, by_name)
    by_text = {Tier.TEXT: (asked.told, asked.told_whole)}
    return _Turn((*names, Tier.ADDRESS, Tier.TEXT), by_name | by_text)


def _further(asked: Asked, tiers: Sequence[Tier]) -> Iterator[_Turn]:
    """Words within words, then words that one or two letters make of those typed."""
    meant = {word: meant_by(word, tiers) for word in asked.words}
    wanted = {}
    for tier in tiers:
        others = {word: one.up_to(tier) for word, one in meant.items()}
        if any(one.at(tier) for one in meant.values()):
            wider = Widened(asked, others)
            wanted[tier] = (wider.told, wider.named)
    if wanted:
        yield _Turn(tuple(wanted), wanted)


def _ask(
    principal: Principal, objects: Sequence[type[Object]], state: _State, turn: _Turn, most: int
) -> list[Hit]:
    """What the tiers of a turn find: one statement by a plan that is kept, one for the objects that
    need a plan of their own, and one for what is looked at as it stands."""
    shared: list[Compiled] = []
    planned: list[Compiled] = []
    fresh: list[Compiled] = []
    given: dict[str, Any] = {"typed": state.asked.typed, "most": most}
    for one in objects:
        readable = access.fields(principal, one.name).readable
        patterns = _patterns(one, readable, state.asked.typed) if Tier.ADDRESS in turn.tiers else {}
        is_kept = state.shapes.get(one.name) == _shape(registry.edition(), one.name)
        tiers = turn.tiers if is_kept else tuple(t for t in turn.tiers if t not in turn.wanted)
        given |= {f"{name}{LIKE}": pattern for name, pattern in patterns.items()}
        given |= turn.given(one.name)
        key = (registry.edition(), one.name, access.reach(principal, one))
        is_narrow = _sees_few(*key, int(monotonic() // 60))
        # The few that somebody sees are looked at one by one, whatever the words.
        is_shared = is_narrow or _is_shared(principal, one, state.asked)
        to = shared if is_shared and not patterns else planned
        to.append(kept_query(*key, Way(tiers, tuple(patterns), is_narrow)))
        given[f"{one.name}_fresh"] = state.fresh(one.name)
        fresh.append(fresh_query(*key, Way(turn.tiers)))
    behind = state.behind
    rows = _rows(union(shared), given, is_shared=True)
    rows += _rows(union(planned), given, is_shared=False)
    if any(given[f"{one.name}_fresh"] for one in objects):
        rows += _rows(union(fresh), given, is_shared=not planned)
    return [
        _hit(row, state)
        for *row, is_fresh in rows
        if is_fresh or row[5] not in BY_WORDS or row[1] not in behind
    ]


def _is_shared(principal: Principal, declaration: type[Object], asked: Asked) -> bool:
    """Whether a plan that is kept serves this search of an object: whoever sees less than all would
    need his own, and what leads to very much or to a part of a number the planner has to know."""
    if not declaration.audience and not access.reaches_all_open(principal, declaration):
        return False
    return not any_frequent(asked.words, [declaration.name], "=" if asked.is_short else "=-")


def _rows(query: Compiled, given: Mapping[str, Any], *, is_shared: bool) -> list[tuple[Any, ...]]:
    """By a plan that is kept where many share it: to plan a search takes longer than to run it, and
    whatever the letters, words are looked up."""
    wanted = {name: value for name, value in given.items() if f"%({name})s" in query.text}
    return query.look_up(**wanted) if is_shared else query.run(**wanted)


@lru_cache(maxsize=1024)
def _sees_few(_edition: int, name: str, reached: access.Reach, _minute: int) -> bool:
    """Whether a reach has few records; what the planner guesses, asked once in a minute."""
    if reached.scope == Scope.ALL:
        return False
    return estimate(access.reached_rows(registry.get(name), reached)) <= FEW


@lru_cache(maxsize=256)
def _shape(_edition: int, name: str) -> str:
    return shape(registry.get(name))


def _patterns(declaration: type[Object], readable: frozenset[str], typed: str) -> dict[str, str]:
    """What is sought in rows beside the record, of what the reader may read; plain words are in
    the documents already."""
    if typed.replace(" ", "").isalpha():
        return {}
    every: Mapping[str, Any] = declaration.fields
    kinds = {
        name: one for name, one in every.items() if name in readable and hasattr(one, "matching")
    }
    found = {name: one.pattern(typed) for name, one in kinds.items()}
    return {name: pattern for name, pattern in found.items() if pattern}


def _hit(row: Sequence[Any], state: _State) -> Hit:
    name, key, title, second, moment, tier, is_whole = row
    is_visited = key in state.visited.get(name, ())
    return Hit(
        registry.get(name), key, title or "", _second(name, second or ""), Tier(tier), is_whole,
        is_visited, moment,
    )  # fmt: skip


def _second(name: str, text: str) -> str:
    """The second line, in words where it is one of several choices."""
    declaration = registry.get(name)
    kind = declaration.fields.get(declaration.subtitle)
    return str(kind.options.get(text, text)) if isinstance(kind, Choice) else text


def _ranked(hits: Iterable[Hit], state: _State, most: int) -> list[Hit]:
    """Each record once, at its best, the best first, and no more than `most` of an object."""
    best: dict[UUID, Hit] = {}
    for hit in hits:
        if hit.id not in best or hit.tier < best[hit.id].tier:
            best[hit.id] = hit
    counts: dict[str, int] = defaultdict(int)
    found = []
    for hit in sorted(best.values(), key=_rank):
        counts[hit.declaration.name] += 1
        if counts[hit.declaration.name] <= most:
            found.append(hit)
    return found


def _rank(hit: Hit) -> tuple[Any, ...]:
    moment = hit.moment.timestamp() if hit.moment else 0
    order = hit.declaration.order
    return (hit.tier, not hit.is_visited, not hit.is_whole, order, -moment, hit.title)
