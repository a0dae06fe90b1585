"""Records like the one being written: exact look-ups, and while somebody types fuzzy ones."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import F, FloatField, Func, QuerySet, TextField, Value

from rapport.accounts.principals import Principal
from rapport.records import access
from rapport.records.declare import Object
from rapport.records.kinds.base import Kind
from rapport.records.kinds.text import Text
from rapport.records.sql import Fold, SortText

MOST = 5
#: Under this share of common three-letter pieces two names are not called alike.
ALIKE = 0.5
SHORTEST = 4
LONGEST = 200


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
    rows = access.rows(principal, declaration.name)
    asked = list(exact(declaration, written, rows))
    found: dict[UUID, list[str]] = {}
    if asked:
        first, *others = asked
        for key, name in first.union(*others, all=True) if others else first:
            found.setdefault(key, []).append(name)
    sure = [Similar(key, tuple(dict.fromkeys(names)), True) for key, names in found.items()]
    sure.sort(key=lambda one: -len(one.fields))
    if is_typing and len(sure) < MOST:
        title = written_title(declaration, written)
        sure += [one for one in alike(declaration, title, rows) if one.id not in found]
    return sure[:MOST]


def exact(
    declaration: type[Object], values: Mapping[str, Any], rows: QuerySet[Any]
) -> Iterator[QuerySet[Any, Any]]:
    """A look-up for each field that has a value: rows of (key, name of the field)."""
    for name in key_fields(declaration):
        kind = declaration.fields[name]
        found = beside(kind, values.get(name), rows) if kind.staged else None
        if not kind.staged:
            text = str(values.get(name) or "").strip()
            found = called(kind, text, rows) if text else None
        if found is not None:
            yield answered(found, name)
    if title := written_title(declaration, values):
        yield answered(
            called(declaration.fields[declaration.title], title, rows), declaration.title
        )


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


def beside(kind: Any, ways: Any, rows: QuerySet[Any]) -> QuerySet[Any] | None:
    """Records reached by one of the same addresses."""
    shared = [way["normalised"] for way in ways or [] if way.get("normalised")]
    if not shared:
        return None
    return rows.filter(pk__in=kind.model.objects.filter(normalised__in=shared).values("party_id"))


def called(kind: Kind, text: str, rows: QuerySet[Any]) -> QuerySet[Any]:
    """Records whose text is the same but for case and accents."""
    return rows.alias(own=SortText(F(kind.path))).filter(own=SortText(Value(text[:LONGEST])))


def answered(found: QuerySet[Any], name: str) -> QuerySet[Any, Any]:
    """The first few, with the field that found them."""
    said = Value(name, output_field=TextField())
    return found.order_by().annotate(said=said).values_list("pk", "said")[:MOST]


def alike(declaration: type[Object], title: str, rows: QuerySet[Any]) -> Iterator[Similar]:
    """Records with a name that is nearly the same, the likest first, by the trigram index."""
    kind = declaration.fields[declaration.title]
    if len(title) < SHORTEST or not getattr(kind, "search", False):
        return
    given = Fold(Value(title[:LONGEST]))
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT set_config('pg_trgm.similarity_threshold', %s, true)", [str(ALIKE)]
            )
        named = rows.alias(own=Fold(F(kind.path)), likeness=Trigrams(Fold(F(kind.path)), given))
        found = named.filter(own__trigram_similar=given).order_by("-likeness", "pk")
        keys = list(found.values_list("pk", flat=True)[:MOST])
    for key in keys:
        yield Similar(key, (declaration.title,), False)


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
