"""The arrangement of an object's fields, read from its JSON, written to it, or as declared."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

from rapport.records import registry
from rapport.records.declare import Object
from rapport.records.kinds.base import Words

type Place = Literal["page", "form"]
BOTH = "both"
PLACES = (BOTH, "page", "form")
USUAL_COLUMNS = 2


@dataclass(frozen=True, slots=True)
class Placed:
    """A field in a section, and on which of the two it stands."""

    name: str
    on: str = BOTH

    def is_on(self, place: Place) -> bool:
        """Whether it stands on the page, or on the form."""
        return self.on in (BOTH, place)


@dataclass(frozen=True, slots=True)
class Shelf:
    """A titled section with its fields in order; words by language where somebody gave them."""

    label: Words | Mapping[str, str]
    fields: tuple[Placed, ...]
    columns: int = USUAL_COLUMNS


@dataclass(frozen=True, slots=True)
class Arrangement:
    """Sections in order, and the fields that are on neither."""

    shelves: tuple[Shelf, ...]
    hidden: frozenset[str] = frozenset()
    is_standard: bool = False

    @property
    def placed(self) -> frozenset[str]:
        """The fields that stand in a section."""
        return frozenset(one.name for shelf in self.shelves for one in shelf.fields)

    @property
    def on_form(self) -> frozenset[str]:
        """The fields that stand on the form."""
        every = (one for shelf in self.shelves for one in shelf.fields)
        return frozenset(one.name for one in every if one.is_on("form"))


def from_json(tree: Mapping[str, Any]) -> Arrangement:
    """The arrangement of JSON that was checked when it was stored."""
    shelves = tuple(
        Shelf(
            one["label"],
            tuple(Placed(field["name"], field.get("on", BOTH)) for field in one["fields"]),
            one.get("columns", USUAL_COLUMNS),
        )
        for one in tree.get("sections", ())
    )
    return Arrangement(shelves, frozenset(tree.get("hidden", ())))


def to_json(arrangement: Arrangement) -> dict[str, Any]:
    """The JSON of an arrangement whose words are given by language."""
    return {
        "sections": [
            {
                "label": shelf.label,
                "columns": shelf.columns,
                "fields": [_field(one) for one in shelf.fields],
            }
            for shelf in arrangement.shelves
        ],
        "hidden": sorted(arrangement.hidden),
    }


def _field(one: Placed) -> dict[str, str]:
    return {"name": one.name} | ({} if one.on == BOTH else {"on": one.on})


def standard(declaration: type[Object]) -> Arrangement:
    """What the object declares: its sections; of the rest, what came to it later is shown."""
    return _standard(registry.edition(), declaration.name)


@lru_cache(maxsize=256)
def _standard(_edition: int, name: str) -> Arrangement:
    declaration = registry.get(name)
    shelves = tuple(
        Shelf(section.label, tuple(Placed(name) for name in section.fields))
        for section in declaration.sections
    )
    placed = {one.name for shelf in shelves for one in shelf.fields}
    return Arrangement(shelves, frozenset(_unseen(declaration, placed)), is_standard=True)


def _unseen(declaration: type[Object], placed: Collection[str]) -> Iterator[str]:
    """Fields that a page leaves out unless a layout has them: names, and parts of others."""
    for name, kind in declaration.fields.items():
        is_added = kind.is_custom or kind.is_beside or not declaration.sections
        if name not in placed and (name == declaration.title or not is_added):
            yield name


def must_be_asked(declaration: type[Object], name: str) -> bool:
    """Whether a record can't be without the field, so that the form has to ask for it."""
    kind = declaration.fields.get(name)
    if kind is None or not kind.editable:
        return False
    return kind.required or bool(getattr(kind, "required_when", None))
