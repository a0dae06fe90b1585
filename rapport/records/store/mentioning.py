"""@mentions in texts on their way in, from whichever surface: marked, and told once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from rapport.accounts.principals import Principal
from rapport.records.declare import Object
from rapport.records.kinds.base import Kind
from rapport.records.kinds.relation import Links
from rapport.records.kinds.text import LongText
from rapport.records.models import Link
from rapport.records.notifications import mentioned_in, tell_mentioned, weave_mentions


def weave(kinds: Mapping[str, Kind], values: Mapping[str, Any]) -> Mapping[str, Any]:
    """The values, with a mark for each `@Name` in their long texts."""
    texts = [name for name, kind in kinds.items() if isinstance(kind, LongText) and values[name]]
    return {**values, **{name: weave_mentions(values[name]) for name in texts}}


def mentioning(kinds: Mapping[str, Kind], values: Mapping[str, Any]) -> dict[str, str]:
    """The columns whose new texts mention somebody, with these texts."""
    return {
        kind.path: values[name]
        for name, kind in kinds.items()
        if isinstance(kind, LongText) and kind.stored and mentioned_in([values[name]])
    }


def tell_new(
    author: Principal,
    declaration: type[Object],
    record_id: UUID,
    texts: Mapping[str, str],
    before: Mapping[str, Any],
) -> None:
    """Tell those whom the texts mention and the texts before did not."""
    known = mentioned_in(before[column] for column in texts if column in before)
    if mentioned_in(texts.values()) - known:
        source = (declaration.name, record_id)
        about = _about(declaration, record_id)
        tell_mentioned(author, texts.values(), source, about, but_not=known)


def _about(declaration: type[Object], record_id: UUID) -> tuple[str, UUID] | None:
    """What the text speaks of: an entry of a timeline is about another record."""
    told = declaration.timeline
    if told is None:
        return (declaration.name, record_id)
    kind = declaration.fields[told.about]
    if not isinstance(kind, Links):
        return None
    links = Link.objects.filter(from_id=record_id, role=kind.role).order_by("id")
    return links.values_list("to_object", "to_id").first()
