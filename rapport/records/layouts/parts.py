"""The sections of a page or a form for one reader."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from rapport.accounts.principals import Principal
from rapport.records.declare import Object
from rapport.records.kinds.base import Words
from rapport.records.kinds.other import words
from rapport.records.layouts.arrangement import (
    USUAL_COLUMNS,
    Arrangement,
    Place,
    must_be_asked,
    standard,
)
from rapport.records.layouts.kept import layout_for


@dataclass(frozen=True, slots=True)
class Part:
    """A titled group of field names, in one or two columns."""

    label: str
    names: tuple[str, ...]
    columns: int = USUAL_COLUMNS
    #: Whether somebody arranged it so.
    is_arranged: bool = False


def parts_of(
    principal: Principal, declaration: type[Object], allowed: Collection[str], place: Place
) -> Sequence[Part]:
    """The sections less what is not allowed; last, what the layout does not know of."""
    arrangement = layout_for(principal, declaration)
    parts = [
        Part(
            shown(shelf.label),
            tuple(one.name for one in shelf.fields if one.name in allowed and one.is_on(place)),
            shelf.columns,
            not arrangement.is_standard,
        )
        for shelf in arrangement.shelves
    ]
    rest = [name for name in unplaced(arrangement, declaration, place) if name in allowed]
    return [part for part in (*parts, *_last(declaration, rest)) if part.names]


def with_all(
    parts: Sequence[Part], declaration: type[Object], names: Collection[str]
) -> Sequence[Part]:
    """The parts and, last, those of `names` that none of them has."""
    placed = {name for part in parts for name in part.names}
    return [*parts, *_last(declaration, [name for name in names if name not in placed])]


def unplaced(arrangement: Arrangement, declaration: type[Object], place: Place) -> Iterator[str]:
    """Fields that came after the layout, and those that a form can't do without."""
    named = arrangement.placed | arrangement.hidden | standard(declaration).hidden
    for name in declaration.fields:
        is_missed = place == "form" and name not in arrangement.on_form
        if name not in named or (is_missed and must_be_asked(declaration, name)):
            yield name


def _last(declaration: type[Object], names: Sequence[str]) -> Sequence[Part]:
    own = tuple(name for name in names if declaration.fields[name].is_custom)
    other = tuple(name for name in names if not declaration.fields[name].is_custom)
    label = _("More from other parts") if declaration.sections else str(declaration.label)
    return [part for part in (Part(_("Own fields"), own), Part(label, other)) if part.names]


def shown(label: Words | Mapping[str, str]) -> str:
    """What a section is called in the reader's language, else in another."""
    return words(label, get_language() or "en") if isinstance(label, Mapping) else str(label)
