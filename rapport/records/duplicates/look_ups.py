"""Records like the one being written: exact look-ups, and while somebody types fuzzy ones."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import F, FloatField, Func, QuerySet, TextField, Value

from rapport.accounts.principals import Principal
from rapport.kit.keep import Keep
from rapport.records import access, registry
from rapport.records.compiled import AnyOf, Compiled, Given, compiled, union
from rapport.records.declare import Object
from rapport.records.duplicates.spelling import likeness, spellings
from rapport.records.kinds.text import Text
from rapport.records.sql import Fold, SortText

MOST = 5
#: Under this share of common three-letter pieces two names are not called alike.
ALIKE = 0.5
SHORTEST = 4
LONGEST = 200
#: How many letters must be the same at the beginning of a name that is not in Latin ones, and how
#: many such names are compared.
BEGINNING, MOST_COMPARED = 2, 2_000
LAST_LETTER = chr(0x10FFFF)

_kept: Keep[Compiled] = Keep()


@dataclass(frozen=True, slots=True)
class Similar:
    """A record like what was written, and the fields that say so; `is_sure` unless it is only
    called alike."""

    id: UUID
    fields: tuple[str, ...]
    is_sure: bool


def has_look_ups(declaration: type[Object]) -> bool:
    """Whether records of the object are told apart by what they hold: people, companies."""
    return declaration.stands_alone and bool(declaration.match)


def find_similar(
    principal: Principal,
    declaration: type[Object],
    values: Mapping[str, Any],
    *,
    is_typing: bool = False,
) -> list[Similar]:
    """Up to MOST records that the principal may see and that share a way to reach them, a web
    domain, an external ID or the whole name with `values`, by an index each and in one statement.

    With `is_typing`, names that are only alike too."""
    if not has_look_ups(declaration):
        return []
    written = declaration.model.derive(dict(values), {})
    found: dict[UUID, list[str]] = {}
    for key, name in exact(principal, declaration, given_keys(declaration, written)):
        found.setdefault(key, []).append(name)
    sure = [Similar(key, tuple(dict.fromkeys(names)), True) for key, names in found.items()]
    sure.sort(key=lambda one: -len(one.fields))
    if is_typing and len(sure) < MOST:
        title, rows = written_title(declaration, written), access.rows(principal, declaration.name)
        sure += [one for one in alike(declaration, title, rows) if one.id not in found]
    return sure[:MOST]


def exact(
    principal: Principal, declaration: type[Object], given: Mapping[str, Any]
) -> list[tuple[UUID, str]]:
    """Keys of records that have one of the given values, of fields that the principal reads, and
    the name of the field."""
    readable = access.fields(principal, declaration.name).readable
    given = {name: value for name, value in given.items() if name in readable}
    if not given:
        return []
    reached = access.reach(principal, declaration)
    key = (registry.edition(), declaration.name, reached, tuple(given))
    query = _kept.get(key, lambda: union(_look_ups(declaration, reached, given)))
    return query.look_up(**given)


def _look_ups(
    declaration: type[Object], reached: access.Reach, names: Iterable[str]
) -> Iterator[Compiled]:
    """A query for each field: the first few records with its value."""
    rows = access.reached_rows(declaration, reached).order_by()
    for name in names:
        kind: Any = declaration.fields[name]
        if kind.staged:
            same = kind.model.objects.filter(AnyOf(F("normalised"), Given(name)))
            found = rows.filter(pk__in=same.values("party_id"))
        else:
            own = SortText(Given(name, TextField()))
            found = rows.alias(own=SortText(F(kind.path))).filter(own=own)
        said = Value(name, output_field=TextField())
        yield compiled(found.annotate(said=said).values_list("pk", "said")[:MOST])


def given_keys(declaration: type[Object], values: Mapping[str, Any]) -> dict[str, Any]:
    """What may tell the record apart, by field: its addresses, each in the form that is compared,
    and texts; only what is filled."""
    given: dict[str, Any] = {}
    for name in key_fields(declaration):
        if declaration.fields[name].staged:
            ways = values.get(name) or []
            given[name] = [way["normalised"] for way in ways if way.get("normalised")]
        else:
            given[name] = str(values.get(name) or "").strip()[:LONGEST]
    given[declaration.title] = written_title(declaration, values)[:LONGEST]
    return {name: value for name, value in given.items() if value}


def key_fields(declaration: type[Object]) -> list[str]:
    """The fields that tell records apart: ways to reach them, and those an import matches by."""
    alone = [step[0] for step in declaration.match if len(step) == 1]
    ways = [name for name, kind in declaration.fields.items() if kind.staged]
    names = dict.fromkeys([*ways, *alone])
    return [name for name in names if name != declaration.title and is_key(declaration, name)]


def is_key(declaration: type[Object], name: str) -> bool:
    """Whether there is an index to look it up by."""
    kind = declaration.fields[name]
    is_way = kind.staged and kind.type in ("emails", "phones")
    return is_way or (isinstance(kind, Text) and not kind.staged)


def alike(declaration: type[Object], title: str, rows: QuerySet[Any]) -> Iterator[Similar]:
    """Records with a name that is nearly the same, in whatever alphabet it is written, the likest
    first."""
    kind = declaration.fields[declaration.title]
    if not getattr(kind, "search", False):
        return
    latin, others = spellings(title[:LONGEST])
    keys = [key for one in latin if len(one) >= SHORTEST for key in _alike(kind.path, one, rows)]
    if len(keys) < MOST:
        keys += [key for one in others for key in _alike_elsewhere(kind.path, one, rows)]
    for key in list(dict.fromkeys(keys))[:MOST]:
        yield Similar(key, (declaration.title,), False)


def _alike(path: str, title: str, rows: QuerySet[Any]) -> list[UUID]:
    """By the trigram index, which knows Latin letters only."""
    given = Fold(Value(title))
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT set_config('pg_trgm.similarity_threshold', %s, true)", [str(ALIKE)]
            )
        named = rows.alias(own=Fold(F(path)), likeness=Trigrams(Fold(F(path)), given))
        found = named.filter(own__trigram_similar=given).order_by("-likeness", "pk")
        return list(found.values_list("pk", flat=True)[:MOST])


def _alike_elsewhere(path: str, title: str, rows: QuerySet[Any]) -> list[UUID]:
    """In other letters: names that begin like it, by the index of their order, then compared."""
    beginning = title[:BEGINNING]
    low, high = SortText(Value(beginning)), SortText(Value(f"{beginning}{LAST_LETTER}"))
    begun = rows.alias(own=SortText(F(path))).filter(own__gte=low, own__lt=high).order_by("own")
    names = begun.values_list("pk", path)[:MOST_COMPARED]
    found = [(likeness(name, title), key) for key, name in names]
    return [key for share, key in sorted(found, reverse=True) if share >= ALIKE][:MOST]


class Trigrams(Func):
    """The share of three-letter pieces that two texts have in common, from 0 to 1."""

    function = "similarity"
    arity = 2
    output_field = FloatField()


def written_title(declaration: type[Object], values: Mapping[str, Any]) -> str:
    """The name that the record will have, whether written whole or in its parts."""
    kind = declaration.fields[declaration.title]
    text = str(values.get(declaration.title) or "").strip()
    parts = [str(values.get(name) or "").strip() for name in getattr(kind, "joined_from", ())]
    return text or " ".join(filter(None, parts))
