"""What saved views order and filter by that no index serves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from rapport.records import registry
from rapport.records.advice.indexes import Served, every_served, present
from rapport.records.conditions import ConditionError, Rule
from rapport.records.models import SavedView
from rapport.records.reading import count
from rapport.records.views.definition import FIELDS, Definition, from_values

#: From so many records on a list without an index is felt.
SIZE = 10_000
SEEKING = frozenset({"is", "any", "gt", "gte", "lt", "lte", "in"})


@dataclass(frozen=True, slots=True)
class Advice:
    """An index that is there or would serve: how many views ask for it, over how many records."""

    served: Served
    views: int
    records: int
    is_built: bool
    #: Left over by a build that was broken off.
    is_broken: bool
    bytes: int


def advice() -> list[Advice]:
    """Indexes to build, for the most views first, and those that were built."""
    found, asked = present(), Counter(_asked())
    told, sizes = [], dict[str, int]()
    for served in every_served():
        name, of = served.name, served.declaration.name
        if name not in found and not asked[name]:
            continue
        records = sizes[of] = sizes[of] if of in sizes else _size(served)
        is_valid, size = found.get(name, (False, 0))
        if name in found or records >= SIZE:
            is_broken = name in found and not is_valid
            told.append(Advice(served, asked[name], records, is_valid, is_broken, size))
    return sorted(told, key=lambda one: (one.is_built, -one.views, -one.records, one.served.name))


def _asked() -> Iterator[str]:
    """The names of the indexes that views ask for, once for each view."""
    wanted = {(one.declaration.name, one.kind.name, one.use): one for one in every_served()}
    for view in SavedView.objects.filter(deleted_at=None):
        if not registry.is_declared(view.object):
            continue
        try:
            definition = from_values({name: getattr(view, name) for name in FIELDS.values()})
        except ConditionError:
            continue
        order, *sought = _fields_of(definition)
        names = [(view.object, order, "order"), *((view.object, one, "filter") for one in sought)]
        yield from {wanted[name].name for name in names if name in wanted}


def _fields_of(definition: Definition) -> Iterator[str]:
    """The field a view is ordered by, and those by each of which alone it narrows its list."""
    yield (definition.sort or definition.group).lstrip("-")
    group = definition.condition
    for part in group.parts if group.mode == "all" else ():
        if isinstance(part, Rule) and part.op in SEEKING:
            yield part.field


def _size(served: Served) -> int:
    """How many records there are; of many about how many."""
    rows = served.declaration.model._default_manager.filter(deleted_at__isnull=True)
    return count(rows).value
