"""The parts that a reach is made of, and which of them reach a record: asked by the same SQL."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass, replace
from uuid import UUID

from django.db.models import IntegerField, Value

from rapport.accounts.principals import Scope
from rapport.records import access
from rapport.records.declare import Object
from rapport.records.explaining.people import Person
from rapport.records.reached import Reach


@dataclass(frozen=True, slots=True)
class Part:
    """What one role of a person says of one action: its scope, or one of its rules; or, without a
    role, what is shared with him one by one."""

    role: str
    label: str
    reach: Reach
    #: The condition as JSON; empty for a scope.
    rule: str = ""

    @property
    def whatever_audience(self) -> Reach:
        """The same if the record itself did not say who sees it."""
        return replace(self.reach, shared=None, confided=None)


def parts_of(person: Person, declaration: type[Object], action: str) -> Iterator[Part]:
    """All parts of his reach; together they reach what `access.reach` does."""
    name = declaration.name
    for held in person.roles:
        alone = person.by_role(held, name)
        reach = replace(access.reach(alone, declaration, action), one_by_one=None)
        label = str(held.role)
        texts = alone.rules.get(name, {}).get(action, ())
        if reach.scope != Scope.RULE:
            yield Part(held.role.key, label, replace(reach, rules=()))
        for text, rule in zip(texts, reach.rules, strict=False):
            ruled = replace(reach, scope=Scope.RULE, owners=(), rules=(rule,))
            yield Part(held.role.key, label, ruled, text)
        if reach.scope == Scope.RULE and not reach.rules:
            yield Part(held.role.key, label, reach)
    whole = access.reach(person.principal, declaration, action)
    shares = whole.confided.shares if whole.confided else whole.one_by_one
    if shares:
        shared = replace(whole, scope=Scope.RULE, owners=(), rules=(), one_by_one=shares)
        yield Part("", "", shared)


def met(declaration: type[Object], record_id: UUID, reaches: Iterable[Reach]) -> Set[Reach]:
    """Those that reach the record, in the trash or not; one statement for all."""
    every = list(dict.fromkeys(reaches))
    asked = [
        access.reached_rows(declaration, one, None)
        .filter(pk=record_id)
        .order_by()
        .values_list(Value(number, output_field=IntegerField()))
        for number, one in enumerate(every)
    ]
    if not asked:
        return frozenset()
    first, *others = asked
    found = first.union(*others, all=True) if others else first
    return frozenset(every[number] for (number,) in found)
