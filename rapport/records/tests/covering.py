"""Which objects the gate asks where the engine answers for every object alike.

Computed of the declarations: the fewest, or nearly, that between them have every ability any
declaration makes use of, and where fields are shown or written, every type of field too. What an
object has as the only one brings it in by itself; the long suite asks all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Any

import pytest

from rapport.records import registry
from rapport.records.declare import Action, Object

#: What is said of every object and sets none apart: names, texts, and which fields stand where.
SAID_OF_ALL = {
    "model", "name", "plural", "label", "label_plural", "icon", "menu", "order", "title", "columns",
    "sections", "quick", "sort", "extra", "fields", "panels", "actions", "header", "children",
}  # fmt: skip
type Shape = Callable[[type[Object]], set[str]]


def abilities(declaration: type[Object]) -> set[str]:
    """What the object makes use of: hooks and options, sorts of panels and of actions."""
    used = {name for name in vars(Object) if _differs(declaration, name)}
    panels = {f"panel {one.place} {one.asks is not None}" for one in declaration.panels}
    actions = {f"action {facet}" for one in declaration.actions for facet in _facets(one)}
    return {declaration.access, declaration.trait} | used | panels | actions


def abilities_and_types(declaration: type[Object]) -> set[str]:
    """The same, and the type of each field."""
    return abilities(declaration) | {f"field {one.type}" for one in declaration.fields.values()}


def each_of(
    objects: Iterable[type[Object]], shape: Shape = abilities_and_types
) -> pytest.MarkDecorator:
    """Gives a test each object as `declaration`; in the gate those that cover all shapes."""
    told = covering(shape)
    return pytest.mark.parametrize(
        "declaration",
        [pytest.param(one, marks=[] if one.name in told else pytest.mark.long) for one in objects],
        ids=lambda one: one.name,
    )


@cache
def covering(shape: Shape) -> frozenset[str]:
    """Names of mutable objects that between them have every shape."""
    mutable = (one for one in registry.all_objects() if one.trait == "mutable")
    return fewest({one.name: shape(one) for one in mutable})


def fewest(shapes: Mapping[str, set[str]]) -> frozenset[str]:
    """Names that have every shape there is: again and again the one that adds most, or is first."""
    chosen: set[str] = set()
    left = set().union(*shapes.values())
    while left:
        best = max(sorted(shapes), key=lambda name: len(shapes[name] & left))
        chosen.add(best)
        left -= shapes[best]
    return frozenset(chosen)


def _differs(declaration: type[Object], name: str) -> bool:
    if name.startswith("_") or name in SAID_OF_ALL:
        return False
    return _plain(getattr(declaration, name, None)) != _plain(getattr(Object, name, None))


def _plain(value: Any) -> Any:
    return getattr(value, "__func__", value)


def _facets(action: Action) -> Iterable[str]:
    facets = {
        "for one": not action.bulk,
        "form": bool(action.form),
        "applies": action.applies is not None,
        "may wait": action.form_may_wait,
        "takes more": action.takes_more,
    }
    return [name for name, has in facets.items() if has]
