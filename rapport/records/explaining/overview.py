"""How far somebody reaches on each kind of record, by which roles and rules, before any record."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from rapport.accounts.models import User
from rapport.accounts.principals import ACTIONS, Principal, Scope
from rapport.accounts.queries import workspace
from rapport.records import access
from rapport.records.declare import Object, Words
from rapport.records.explaining.people import Person, people_of
from rapport.records.explaining.words import rule_in_words
from rapport.records.reaching import scope
from rapport.records.reading import context_for


@dataclass(frozen=True, slots=True)
class RuleTold:
    """One rule of a role; no words where it asks for what the asker does not read."""

    action: str
    role: str
    says: str


@dataclass(frozen=True, slots=True)
class ObjectAnswer:
    """One kind of record: the scope of each action, the rules besides, and restricted fields."""

    declaration: type[Object]
    scopes: dict[str, Scope]
    rules: tuple[RuleTold, ...]
    hidden: tuple[Words, ...]
    read_only: tuple[Words, ...]


def overview(asker: Principal, user: User) -> list[ObjectAnswer]:
    """What the user reaches of each object that the asker sees himself, in the menu's order."""
    (person,) = people_of([user])
    seen = access.visible_objects(asker)
    return [_answer(asker, person, one) for one in sorted(seen, key=lambda one: one.order)]


def _answer(asker: Principal, person: Person, declaration: type[Object]) -> ObjectAnswer:
    name = declaration.name
    own, told = access.fields(person.principal, name), access.fields(asker, name).readable
    kinds = {field: kind for field, kind in declaration.fields.items() if field in told}
    read = {field: kind for field, kind in kinds.items() if field in own.readable}
    scopes = {action: scope(person.principal, declaration, action) for action in ACTIONS}
    sees, changes = scopes["view"] != Scope.NONE, scopes["edit"] != Scope.NONE
    return ObjectAnswer(
        declaration,
        scopes,
        tuple(_rules(asker, person, declaration)),
        tuple(kind.label for field, kind in kinds.items() if sees and field not in own.readable),
        tuple(
            kind.label
            for field, kind in read.items()
            if changes and kind.editable and field not in own.editable
        ),
    )


def _rules(asker: Principal, person: Person, declaration: type[Object]) -> Iterator[RuleTold]:
    context = context_for(asker, workspace())
    for held in person.roles:
        for action, texts in held.rules.get(declaration.name, {}).items():
            for text in texts:
                says = rule_in_words(text, declaration, context)
                yield RuleTold(action, str(held.role), says)
