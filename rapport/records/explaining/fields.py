"""Why a field of a record can be read or changed, or not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from rapport.accounts.models import FieldLevel
from rapport.accounts.principals import Principal, Scope, granted
from rapport.records import access, registry
from rapport.records.declare import Object
from rapport.records.explaining.answers import Answer, FieldAnswer, Ground
from rapport.records.explaining.people import Person
from rapport.records.kinds.base import EVERY_FIELD, Kind

type Levels = Mapping[tuple[str, str], str]


def levels_of(declaration: type[Object]) -> Levels:
    """What roles say of the object's fields, by field and role."""
    rows = FieldLevel.objects.filter(object_name=declaration.name)
    return {(field, role): level for field, role, level in rows.values_list(
        "field", "role__key", "level"
    )}  # fmt: skip


@dataclass(frozen=True, slots=True)
class FieldCase:
    """One object's fields for one person."""

    declaration: type[Object]
    person: Person
    levels: Levels

    def answers(self, asker: Principal, answers: Mapping[str, Answer]) -> list[FieldAnswer]:
        """Each field that the asker reads himself; of others not even the name is told."""
        name = self.declaration.name
        told = access.fields(asker, name).readable
        own = access.fields(self.person.principal, name)
        sees = answers["view"].is_allowed
        changes = answers["edit"].is_allowed
        return [
            FieldAnswer(
                field,
                sees and field in own.readable,
                changes and field in own.editable,
                tuple(self._grounds(field, kind, own)),
            )
            for field, kind in self.declaration.fields.items()
            if field in told
        ]

    def _grounds(self, field: str, kind: Kind, own: access.Fields) -> Iterator[Ground]:
        whole = kind.unrestricted or kind
        if field not in own.readable:
            yield from self._by_level(field, FieldLevel.Level.HIDDEN)
            yield from self._by_roles(whole.readers, _("Only these roles read it: %(roles)s."))
            yield from self._by_inputs(kind)
        elif not kind.editable:
            yield Ground("worked_out", False, _("Nobody types it: it is worked out or kept."))
        elif field not in own.editable:
            yield from self._by_level(field, FieldLevel.Level.READ)
            yield from self._by_roles(whole.editors, _("Only these roles change it: %(roles)s."))

    def _by_level(self, field: str, level: FieldLevel.Level) -> Iterator[Ground]:
        says = {
            FieldLevel.Level.HIDDEN: _("The role “%(role)s” hides it."),
            FieldLevel.Level.READ: _("The role “%(role)s” only reads it."),
        }[level]
        unseen = _("The role “%(role)s” sees none of %(objects)s.")
        names = {field, *self._followed(field)}
        objects = self.declaration.label_plural
        found = []
        for held in self.person.roles:
            facts = {"role": str(held.role), "objects": objects}
            key = held.role.key
            if any(self.levels.get((name, key)) == level for name in names):
                found.append(Ground("level", False, says % facts, key))
            elif granted(held.grants, self.declaration.name).view == Scope.NONE:
                found.append(Ground("none", False, unseen % facts, key))
        yield from found

    def _followed(self, field: str) -> Iterator[str]:
        """The amount that one in the workspace's currency follows."""
        for name, kind in self.declaration.fields.items():
            if getattr(kind, "base", "") == field:
                yield name

    def _by_roles(self, roles: frozenset[str] | None, says: str) -> Iterator[Ground]:
        if roles is None or not roles.isdisjoint(self.person.principal.roles):
            return
        yield Ground("readers", False, says % {"roles": ", ".join(sorted(roles))})

    def _by_inputs(self, kind: Kind) -> Iterator[Ground]:
        """What a field that is worked out is made of, where he does not read that."""
        principal = self.person.principal
        for name, field in _inputs(kind):
            declared = registry.get(name).fields.get(field)
            if declared is not None and field not in access.fields(principal, name).readable:
                says = _("It is worked out of “%(field)s”, which is not to be read.")
                yield Ground("worked_out", False, says % {"field": declared.label})
        for name in kind.whole:
            if registry.is_declared(name):
                declaration = registry.get(name)
                if not access.reaches_all_open(principal, declaration):
                    says = _(
                        "It is worked out of all %(objects)s, not all of which are to be seen."
                    )
                    facts = {"objects": declaration.label_plural}
                    yield Ground("worked_out", False, says % facts)


def _inputs(kind: Kind) -> Iterator[tuple[str, str]]:
    """The fields that a field is worked out of; of all of an object those that are restricted."""
    for name, field in kind.needs:
        if not registry.is_declared(name):
            continue
        if field != EVERY_FIELD:
            yield name, field
            continue
        of_it = registry.get(name).fields.items()
        yield from ((name, one) for one, other in of_it if other.readers is not None)
