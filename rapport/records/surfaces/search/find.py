"""A few typed letters against every object one may see, in one statement."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

from django.db.models import Case, F, IntegerField, Q, TextField, Value, When
from django.db.models.functions import Cast

from rapport.accounts.principals import Principal
from rapport.records import access, registry
from rapport.records.compiled import Compiled, Given, compiled, union
from rapport.records.declare import Object
from rapport.records.kinds.text import Text, TextMatch
from rapport.records.searching import Way, matches_given, places_of, way_of
from rapport.records.sql import Fold

PER_OBJECT = 6


@dataclass(frozen=True, slots=True)
class Hit:
    """One record found, named like everywhere."""

    declaration: type[Object]
    id: UUID
    title: str
    second: str
    tier: int

    @property
    def url(self) -> str:
        """The page of the record."""
        return self.declaration.url(self.id)


def find(principal: Principal, q: str, *, only: str = "", most: int = PER_OBJECT) -> Sequence[Hit]:
    """Up to `most` records per object, titles that begin with `q` first."""
    objects = [one for one in access.visible_objects(principal) if _is_searched(one)]
    if only:
        objects = [one for one in objects if one.name == only]
    if not q or not objects:
        return []
    ways = [(one, way_of(one, q)) for one in objects]
    queries = [
        _query(registry.edition(), one.name, access.reach(principal, one), way, most)
        for one, way in ways
    ]
    places = {"q": q}
    for one in objects:
        places |= places_of(one, q)
    found = union(queries).run(**places)
    hits = [
        Hit(registry.get(name), key, title or "", second or "", tier)
        for name, key, title, second, tier in found
    ]
    place = {one.name: number for number, one in enumerate(sorted(objects, key=lambda o: o.order))}
    return sorted(hits, key=lambda hit: (hit.tier, place[hit.declaration.name], hit.title))


def _is_searched(declaration: type[Object]) -> bool:
    return any(isinstance(kind, Text) and kind.search for kind in declaration.fields.values())


@lru_cache(maxsize=1024)
def _query(_edition: int, name: str, reached: access.Reach, way: Way, most: int) -> Compiled:
    declaration = registry.get(name)
    title = declaration.fields[declaration.title].path
    begins = When(Q(TextMatch(Fold(F(title)), "starts", Given("q"))), then=Value(0))
    subtitle = declaration.fields.get(declaration.subtitle)
    second = Cast(F(subtitle.path), TextField()) if isinstance(subtitle, Text) else None
    rows = access.reached_rows(declaration, reached).filter(matches_given(declaration, way))
    return compiled(
        rows.annotate(_tier=Case(begins, default=Value(1), output_field=IntegerField()))
        .order_by("_tier", "-updated_at")
        .values_list(
            Value(declaration.name, output_field=TextField()),
            "pk",
            Cast(F(title), TextField()),
            second or Value("", output_field=TextField()),
            "_tier",
        )[:most]
    )
