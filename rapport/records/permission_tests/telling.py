"""Permission tests as a reader may be told of them: what they say, and an example he may see."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from rapport.accounts.principals import Principal
from rapport.records import access, registry
from rapport.records.declare import Object
from rapport.records.explaining import Ground, explain
from rapport.records.kinds.base import Title
from rapport.records.models import PermissionTest
from rapport.records.permission_tests.words import statement
from rapport.records.store.errors import Missing


@dataclass(frozen=True)
class Told:
    """One test, for one reader."""

    test: PermissionTest
    says: str
    #: The record of the example, if the reader sees it.
    example: Title | None
    grounds: tuple[Ground, ...]

    @cached_property
    def declaration(self) -> type[Object] | None:
        """The object it is about, if there still is one."""
        return registry.get(self.test.object) if registry.is_declared(self.test.object) else None

    @property
    def why_url(self) -> str:
        """Where all reasons of the example stand."""
        if not self.example or not self.declaration or not self.test.example_record:
            return ""
        place = self.declaration.url(self.test.example_record)
        return f"{place}access/?user={self.test.example_user_id}"


def told(asker: Principal, tests: Iterable[PermissionTest]) -> list[Told]:
    """The tests in their order."""
    return [_told(asker, one) for one in tests]


def _told(asker: Principal, test: PermissionTest) -> Told:
    example: Title | None = None
    grounds: tuple[Ground, ...] = ()
    if test.example_record and registry.is_declared(test.object):
        pair = (test.object, test.example_record)
        example = access.titles(asker, [pair], asker.language).get(test.example_record)
    if example and test.example_user_id:
        grounds = _grounds(asker, test)
    return Told(test, statement(test), example, grounds)


def _grounds(asker: Principal, test: PermissionTest) -> tuple[Ground, ...]:
    """Why the example is as it is: the field's reasons, else the action's."""
    if test.example_record is None:
        return ()
    declaration = registry.get(test.object)
    try:
        found = explain(asker, declaration, test.example_record, test.example_user_id)
    except Missing:
        return ()
    fields = [one.grounds for one in found.fields if one.name == test.field and one.grounds]
    return fields[0] if fields else found.answers[test.action].grounds
