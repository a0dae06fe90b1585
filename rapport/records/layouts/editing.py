"""An arrangement under someone's hands: opened, read from a form and moved about."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.http import QueryDict
from django.utils.translation import gettext_noop

from rapport.records.declare import Object
from rapport.records.layouts.arrangement import (
    BOTH,
    PLACES,
    USUAL_COLUMNS,
    Arrangement,
    Placed,
    Shelf,
    standard,
    to_json,
)
from rapport.records.layouts.naming import in_every_language
from rapport.records.layouts.parts import unplaced

HIDDEN = "hidden"
OWN_FIELDS = gettext_noop("Own fields")
OTHER_PARTS = gettext_noop("More from other parts")


@dataclass(slots=True)
class Drawer:
    """One section as it is being arranged; its key is the form's own."""

    key: str
    label: dict[str, str] = field(default_factory=dict)
    columns: int = USUAL_COLUMNS
    names: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Desk:
    """All sections, the fields that are not shown, and where each field stands."""

    drawers: list[Drawer] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)
    on: dict[str, str] = field(default_factory=dict)

    def arrangement(self) -> dict[str, Any]:
        """The JSON that is kept."""
        shelves = tuple(
            Shelf(
                drawer.label,
                tuple(Placed(name, self.on.get(name, BOTH)) for name in drawer.names),
                drawer.columns,
            )
            for drawer in self.drawers
        )
        return to_json(Arrangement(shelves, frozenset(self.hidden)))

    def act(self, what: str) -> str:
        """Do what a button says, `verb:key:name`; the name of the field that moved, if one did."""
        verb, _colon, rest = what.partition(":")
        act = VERBS.get(verb)
        return act(self, rest) if act else ""

    def add(self, _nothing: str) -> str:
        """Open an empty section behind the others."""
        taken = {drawer.key for drawer in self.drawers}
        key = next(str(n) for n in range(len(taken) + 1) if str(n) not in taken)
        self.drawers.append(Drawer(key))
        return ""

    def remove(self, key: str) -> str:
        """Take a section away; its fields go to the one before it, so that none is lost."""
        place = self._place_of(key)
        if place is None or len(self.drawers) < 2:
            return ""
        gone = self.drawers.pop(place)
        heir = self.drawers[max(place - 1, 0)]
        heir.names = [*heir.names, *gone.names] if place else [*gone.names, *heir.names]
        return ""

    def shift(self, key: str, step: int) -> str:
        """Change places with the section before or behind."""
        place = self._place_of(key)
        if place is not None and 0 <= place + step < len(self.drawers):
            self.drawers.insert(place + step, self.drawers.pop(place))
        return ""

    def move(self, name: str, step: int) -> str:
        """One place up or down, beyond the end of its section into the next one."""
        lists = [drawer.names for drawer in self.drawers]
        number = next((n for n, names in enumerate(lists) if name in names), None)
        if number is None:
            return ""
        names = lists[number]
        place = names.index(name) + step
        if 0 <= place < len(names):
            names.insert(place, names.pop(place - step))
        elif 0 <= number + step < len(lists):
            names.remove(name)
            lists[number + step].insert(0 if step > 0 else len(lists[number + step]), name)
        return name

    def put(self, where: str) -> str:
        """Put a field at the end of a section, or among what is not shown."""
        key, _colon, name = where.partition(":")
        place = self._place_of(key)
        target = self.hidden if key == HIDDEN else None
        if place is not None:
            target = self.drawers[place].names
        sources = [*(drawer.names for drawer in self.drawers), self.hidden]
        source = next((names for names in sources if name in names), None)
        if target is None or source is None:
            return ""
        source.remove(name)
        target.append(name)
        return name

    def _place_of(self, key: str) -> int | None:
        return next((n for n, drawer in enumerate(self.drawers) if drawer.key == key), None)


VERBS: Mapping[str, Callable[[Desk, str], str]] = {
    "add": Desk.add,
    "remove": Desk.remove,
    "earlier": lambda desk, key: desk.shift(key, -1),
    "later": lambda desk, key: desk.shift(key, 1),
    "up": lambda desk, name: desk.move(name, -1),
    "down": lambda desk, name: desk.move(name, 1),
    "to": Desk.put,
}


def lay_out(declaration: type[Object], arrangement: Arrangement) -> Desk:
    """An arrangement to be changed, with all fields of the object somewhere on it."""
    desk = Desk()
    for shelf in arrangement.shelves:
        label = shelf.label if isinstance(shelf.label, Mapping) else in_every_language(shelf.label)
        names = [one.name for one in shelf.fields]
        desk.drawers.append(Drawer(str(len(desk.drawers)), dict(label), shelf.columns, names))
        desk.on |= {one.name: one.on for one in shelf.fields}
    _add_newer(desk, declaration, arrangement)
    placed = {name for drawer in desk.drawers for name in drawer.names}
    every = arrangement.hidden | standard(declaration).hidden
    gone = sorted(every - declaration.fields.keys())
    desk.hidden = [n for n in (*declaration.fields, *gone) if n in every and n not in placed]
    return desk


def _add_newer(desk: Desk, declaration: type[Object], arrangement: Arrangement) -> None:
    newer = [n for n in unplaced(arrangement, declaration, "page") if n in declaration.fields]
    own = [name for name in newer if declaration.fields[name].is_custom]
    other = [name for name in newer if not declaration.fields[name].is_custom]
    label = OTHER_PARTS if declaration.sections else declaration.label
    for words, names in ((OWN_FIELDS, own), (label, other)):
        if names:
            said = in_every_language(words)
            desk.drawers.append(Drawer(str(len(desk.drawers)), said, USUAL_COLUMNS, names))


def read_desk(data: QueryDict) -> Desk:
    """What a form posted: `place` says in order which section begins and which field follows."""
    desk = Desk()
    names = desk.hidden
    for place in data.getlist("place"):
        what, _colon, key = place.partition(":")
        if what == "section":
            desk.drawers.append(_read_drawer(data, key))
            names = desk.drawers[-1].names
        elif what == HIDDEN:
            names = desk.hidden
        elif what == "field":
            names.append(key)
            on = data.get(f"on-{key}", BOTH)
            desk.on[key] = on if on in PLACES else BOTH
    return desk


def _read_drawer(data: QueryDict, key: str) -> Drawer:
    words = {code: data.get(f"label-{key}-{code}", "").strip() for code, _n in settings.LANGUAGES}
    label = {code: text for code, text in words.items() if text}
    columns = 1 if data.get(f"columns-{key}") == "1" else 2
    return Drawer(key, label, columns)
