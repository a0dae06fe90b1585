"""Databases that differ in nothing but what somebody can't see."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.db import transaction

from rapport.accounts.models import FieldLevel, User
from rapport.records import registry
from rapport.records.declare import Object
from rapport.records.kinds import Links, Relation
from rapport.records.store import change
from rapport.records.testing import HOUSE, make_sample, reader, sample_value
from tests.access.probes import BLIND
from tests.access.things import Things
from tests.test_access_matrix import OBJECTS

type Reference = tuple[str, UUID]

#: A lead is called like the person it is about: whoever sees it is told that name, and no more.
CALLED_LIKE = {("lead", "person"): frozenset({"name", "first_name", "middle_name", "last_name"})}


def has_owners(declaration: type[Object]) -> bool:
    """Whether somebody sees some of its records and not others."""
    return declaration.access == "owned" and not declaration.audience


def related_to(things: Things, user: User) -> Things:
    """The same for records of the user's own, with unseen ones on all sides of them: those that
    they name, and those that name them."""
    declaration = things.declaration
    beside: list[Reference] = []
    own, trashed, twin = (_related(things, number, user, beside) for number in (21, 22, 23))
    with change(HOUSE, via="test") as made:
        made.trash(declaration.name, [trashed])
    beside += _naming(declaration, own)
    things.named["beside"] = beside
    named = things.named | {"twin": twin, "pair_id": own, "is_own": True}
    return replace(things, record=own, trashed=trashed, named=named)


def _related(things: Things, number: int, user: User, beside: list[Reference]) -> UUID:
    values: dict[str, Any] = {}
    for name, kind in things.declaration.fields.items():
        if isinstance(kind, Relation) and kind.editable and registry.is_declared(kind.to):
            same = kind.to == things.declaration.name
            key = things.record if same else make_sample(kind.to, 1)
            values[name] = str(key)
            if not same and has_owners(registry.get(kind.to)):
                beside.append((kind.to, key))
        if isinstance(kind, Links) and kind.editable and kind.to in ("", "any"):
            values[name] = [f"{things.declaration.name}:{things.record}"]
    made = make_sample(things.declaration.name, number, values=values)
    with change(HOUSE, via="test") as giving:
        giving.update(things.declaration.name, made, {"owner": user.pk})
    return made


def _naming(declaration: type[Object], own: UUID) -> Iterator[Reference]:
    """Records of others that name this one."""
    for other in OBJECTS:
        for name, kind in other.fields.items() if has_owners(other) else ():
            value: Any = None
            if isinstance(kind, Relation) and kind.editable and kind.to == declaration.name:
                value = str(own)
            if isinstance(kind, Links) and kind.editable and kind.to in ("", "any"):
                value = [f"{declaration.name}:{own}"]
            if value is not None:
                yield other.name, make_sample(other.name, 31, values={name: value})


@contextmanager
def world(things: Things, who: str, number: int) -> Iterator[None]:
    """While it lasts, what this asker does not see has the values of a number."""
    declaration = things.declaration
    with transaction.atomic():
        if who == BLIND:
            levels = FieldLevel.objects.filter(object_name=declaration.name, level="hidden")
            _change(declaration, things.record, levels.values_list("field", flat=True), number)
        else:
            _change_unseen(things, number)
        yield
        transaction.set_rollback(True)


def _change_unseen(things: Things, number: int) -> None:
    declaration = things.declaration
    for name, key in [(declaration.name, things.record), *things.named.get("beside", ())]:
        told = CALLED_LIKE.get((declaration.name, name), frozenset())
        _change(registry.get(name), key, registry.get(name).fields.keys() - told, number)
    if number % 2:
        more = [make_sample(declaration.name, 40 + count) for count in range(2)]
        with change(HOUSE, via="test") as made:
            made.trash(declaration.name, more[:1])


def _change(declaration: type[Object], key: UUID, names: Iterable[str], number: int) -> None:
    context = reader()
    values = {name: sample_value(declaration.fields[name], number) for name in names}
    parsed = {
        name: declaration.fields[name].parse(value, context)
        for name, value in values.items()
        if value is not None and not declaration.fields[name].unique
    }
    with change(HOUSE, via="test") as made:
        made.update(declaration.name, key, parsed)
