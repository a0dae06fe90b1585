"""Where in a record the words stand that it was found by, where its name does not tell."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from html import unescape
from uuid import UUID

from django.utils.html import strip_tags

from rapport.accounts.principals import Principal
from rapport.records import access
from rapport.records.declare import Object
from rapport.records.folding import fold
from rapport.records.kinds.text import LongText
from rapport.records.search.documents import sought
from rapport.records.search.finding import Hit
from rapport.records.search.tiers import Tier

#: Letters before and after the word.
BEFORE, AFTER = 30, 70


def with_excerpts(principal: Principal, hits: Sequence[Hit], typed: str) -> list[Hit]:
    """The hits; those found by their text say where, in their second line. One statement for each
    object that has such."""
    ids: dict[type[Object], list[UUID]] = defaultdict(list)
    for hit in hits:
        if hit.tier is Tier.TEXT:
            ids[hit.declaration].append(hit.id)
    words = [fold(word) for word in typed.split()]
    told: dict[UUID, str] = {}
    for declaration, keys in ids.items():
        told |= _excerpts(principal, declaration, keys, words)
    return [replace(hit, second=told.get(hit.id) or hit.second) for hit in hits]


def _excerpts(
    principal: Principal, declaration: type[Object], ids: Sequence[UUID], words: Sequence[str]
) -> dict[UUID, str]:
    kinds = sought(declaration).rest
    rows = access.rows(principal, declaration.name).filter(pk__in=ids)
    found = {}
    for key, *texts in rows.values_list("pk", *(kind.path for kind in kinds)):
        plain = (
            (str(kind.label), unescape(strip_tags(text)) if isinstance(kind, LongText) else text)
            for kind, text in zip(kinds, texts, strict=True)
            if text
        )
        found[key] = _first(plain, words)
    return found


def _first(texts: Iterable[tuple[str, str]], words: Sequence[str]) -> str:
    for label, text in texts:
        line = " ".join(text.split())
        # Folding keeps almost every letter's place; a letter more or less does no harm here.
        at = min((place for word in words if (place := fold(line).find(word)) >= 0), default=-1)
        if at >= 0:
            return f"{label}: {_around(line, at)}"
    return ""


def _around(line: str, at: int) -> str:
    start = max(at - BEFORE, 0)
    cut = line[start : at + AFTER]
    return f"{'…' if start else ''}{cut}{'…' if at + AFTER < len(line) else ''}"
