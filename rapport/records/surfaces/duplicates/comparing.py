"""Records side by side, to choose which one stays and whose value each field keeps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import QueryDict
from django.utils.safestring import SafeString

from rapport.accounts.principals import Principal
from rapport.accounts.request import Request
from rapport.records import access
from rapport.records.declare import Object
from rapport.records.duplicates.merging import mergeable, values_of
from rapport.records.kinds.base import Context, Kind, Title
from rapport.records.surfaces.moments import read_key
from rapport.records.surfaces.pages import page_context

KEEP, SIDE = "keep", "side."


@dataclass(frozen=True, slots=True)
class Side:
    """One of the records, and whether it is the one proposed to stay."""

    id: UUID
    title: Title | None
    is_kept: bool


@dataclass(frozen=True, slots=True)
class Cell:
    """What a record has in a field, and whether that is the value proposed to stay."""

    side: Side
    shown: SafeString | str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One field of all records; where `is_joined` nothing is to choose, all of it stays."""

    name: str
    label: str
    cells: Sequence[Cell]
    is_same: bool
    is_joined: bool

    @property
    def shown(self) -> SafeString | str:
        """The value, where all have the same."""
        return self.cells[0].shown


@dataclass(frozen=True, slots=True)
class Comparison:
    """The records, and the fields in which any has a value."""

    sides: Sequence[Side]
    lines: Sequence[Line]

    @property
    def width(self) -> int:
        """How many columns the records take."""
        return len(self.sides)


def compare(request: Request, declaration: type[Object], keys: Sequence[UUID]) -> Comparison:
    """The records in the order of the keys, the oldest proposed to stay.

    Raises Missing where one of them is not the reader's to see."""
    context = page_context(request)
    choices = mergeable(request.principal, declaration)
    kinds = joined_kinds(request.principal, declaration) | choices
    values = values_of(context, declaration, keys, kinds)
    references = [(declaration.name, key) for key in keys]
    titles = access.titles(request.principal, references, context.language)
    sides = [Side(key, titles.get(key), key == min(keys)) for key in keys]
    filled = {
        name: kind
        for name, kind in kinds.items()
        if not all(kind.blank(one.get(name)) for one in values.values())
    }
    return Comparison(
        sides,
        [_line(kind, context, sides, values, name in choices) for name, kind in filled.items()],
    )


def joined_kinds(principal: Principal, declaration: type[Object]) -> dict[str, Kind]:
    """Fields of rows, such as e-mail addresses: those of all records stay."""
    readable = access.fields(principal, declaration.name).readable
    return {
        name: kind for name, kind in declaration.fields.items() if kind.staged and name in readable
    }


def _line(
    kind: Kind,
    context: Context,
    sides: Sequence[Side],
    values: Mapping[UUID, Mapping[str, Any]],
    is_choice: bool,
) -> Line:
    every = [values[side.id].get(kind.name) for side in sides]
    order = sorted(range(len(sides)), key=lambda at: (kind.blank(every[at]), not sides[at].is_kept))
    cells = [
        Cell(side, "" if kind.blank(one) else kind.show(one, context), at == order[0])
        for at, (side, one) in enumerate(zip(sides, every, strict=True))
    ]
    is_same = all(one == every[0] for one in every)
    return Line(kind.name, str(kind.label), cells, is_same, not is_choice)


@dataclass(frozen=True, slots=True)
class Chosen:
    """What the form of a comparison says: which record stays, and for fields whose value."""

    kept: UUID
    gone: Sequence[UUID]
    sides: Mapping[str, UUID]


def read_chosen(post: QueryDict, keys: Sequence[UUID]) -> Chosen:
    """The answer to a comparison of these records; what it does not say is as proposed."""
    asked = read_key(str(post.get(KEEP, "")))
    kept = asked if asked is not None and asked in keys else min(keys)
    said = {name.removeprefix(SIDE): post[name] for name in post if name.startswith(SIDE)}
    picked = {name: read_key(str(text)) for name, text in said.items()}
    sides = {name: key for name, key in picked.items() if key is not None and key in keys}
    return Chosen(kept, [key for key in keys if key != kept], sides)
