"""Why somebody can do something with a record, or not: derived from `access` and from nothing else.

Each part of a person's reach (a role's scope, a rule) is asked of the record by the SQL that every
page asks by; whether an action is allowed is the answer of the whole reach, and the parts say why.
"""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from rapport.accounts.models import User
from rapport.accounts.paths import read_paths
from rapport.accounts.principals import Principal, Scope
from rapport.accounts.queries import workspace
from rapport.records import access
from rapport.records.declare import Object
from rapport.records.explaining.answers import ASKED, Answer, Explanation, Ground
from rapport.records.explaining.fields import FieldCase, levels_of
from rapport.records.explaining.parts import Part, met, parts_of
from rapport.records.explaining.people import Person, people_of, person_of
from rapport.records.explaining.words import Case, without_repeats
from rapport.records.reached import Reach
from rapport.records.reading import context_for
from rapport.records.sharing.reading import held_by
from rapport.records.store import Missing


def explain(
    asker: Principal, declaration: type[Object], record_id: UUID, user_id: UUID | None = None
) -> Explanation:
    """What a user may do with a record and its fields and why; without one, or for the asker's own
    key, the asker himself by the token he comes by.

    Raises Missing if the asker does not see the record or there is no such user, Denied if he asks
    about somebody else without being an administrator.
    """
    record = _record(asker, declaration, record_id)
    person = _person(asker, user_id)
    (found,) = _explained(asker, declaration, record, [person], ASKED)
    return found


def _person(asker: Principal, user_id: UUID | None) -> Person:
    if user_id is None or user_id == asker.user_id:
        return person_of(asker)
    _require_administrator(asker)
    user = User.objects.select_related("role").filter(pk=user_id).first()
    if user is None:
        raise Missing(_("There is no such person."))
    return people_of([user])[0]


def explain_for(
    asker: Principal,
    declaration: type[Object],
    record_id: UUID,
    users: Sequence[User],
    actions: Sequence[str] = ("view", "edit", "delete"),
) -> list[Explanation]:
    """The same for several users and some actions, without fields, in their order.

    Raises Missing if the asker does not see the record, Denied unless he is an administrator.
    """
    record = _record(asker, declaration, record_id)
    _require_administrator(asker)
    return _explained(asker, declaration, record, people_of(users), actions)


def _require_administrator(asker: Principal) -> None:
    if not asker.administers:
        raise access.Denied(_("Only an administrator may ask that about somebody else."))


def _record(asker: Principal, declaration: type[Object], record_id: UUID) -> Any:
    found = access.rows(asker, declaration.name, trashed=None).filter(pk=record_id).first()
    if found is None:
        raise Missing(_("This record is gone, or not yours to see."))
    return found


def _explained(
    asker: Principal,
    declaration: type[Object],
    record: Any,
    people: Sequence[Person],
    actions: Sequence[str],
) -> list[Explanation]:
    asks = [_Ask.of(person, declaration, action) for person in people for action in actions]
    reaches = [reach for ask in asks for reach in ask.reaches()]
    reached = met(declaration, record.pk, reaches)
    audience = getattr(record, declaration.audience) if declaration.audience else ""
    context = context_for(asker, workspace())
    case = Case(declaration, record.owner_id, audience, held_by(record.pk), read_paths(), context)
    answers = iter([ask.answer(case, record, reached) for ask in asks])
    levels = levels_of(declaration) if tuple(actions) == ASKED else None
    found = []
    for person in people:
        told = {action: next(answers) for action in actions}
        who = person.principal
        fields = (
            FieldCase(declaration, person, levels).answers(asker, told)
            if levels is not None
            else ()
        )
        found.append(
            Explanation(declaration.name, record.pk, who.user_id, who.name, told, tuple(fields))
        )
    return found


@dataclass(frozen=True, slots=True)
class _Ask:
    """One person, one action: the whole reach and its parts."""

    person: Person
    declaration: type[Object]
    action: str
    whole: Reach
    parts: tuple[Part, ...]

    @classmethod
    def of(cls, person: Person, declaration: type[Object], action: str) -> _Ask:
        whole = access.reach(person.principal, declaration, action)
        parts = tuple(parts_of(person, declaration, action))
        return cls(person, declaration, action, whole, parts)

    def reaches(self) -> list[Reach]:
        every = [self.whole, *(part.reach for part in self.parts)]
        return [*every, *(part.whatever_audience for part in self.parts)]

    def answer(self, case: Case, record: Any, reached: Set[Reach]) -> Answer:
        """The answer of the whole reach; the parts are its reasons."""
        shut = self._shut(record)
        if self.action == "create":
            is_allowed = self.whole.scope != Scope.NONE and not shut
        else:
            is_allowed = self.whole in reached and not shut
        grounds = shut or (
            self._opening(case, reached) if is_allowed else self._closing(case, reached)
        )
        return Answer(self.action, is_allowed, without_repeats(grounds))

    def _shut(self, record: Any) -> list[Ground]:
        """What keeps it from everybody, or this person from everything."""
        if not self.person.is_active:
            says = _("%(name)s is deactivated and comes in nowhere.")
            name = self.person.principal.name
            return [Ground("deactivated", False, says % {"name": name})]
        if record.deleted_at is not None and self.action not in ("view", "create"):
            return [Ground("trash", False, _("It is in the trash."))]
        return []

    def _opening(self, case: Case, reached: Set[Reach]) -> list[Ground]:
        if self.action == "create":
            says = _("The role “%(role)s” lets them make new ones.")
            return [
                Ground("create", True, says % {"role": one.label}, one.role)
                for one in self.parts
                if one.reach.scope != Scope.NONE
            ]
        every = [one for one in self.parts if one.reach in reached]
        # Whether a rule on what the asker does not read is met is told only where he sees it is.
        plain = [one for one in every if not one.rule or case.readable_rule(one)]
        return [told for one in plain or every for told in case.opening(self.person, one)]

    def _closing(self, case: Case, reached: Set[Reach]) -> list[Ground]:
        if access.is_kept(self.declaration, self.action):
            says = _("%(objects)s stay as they were written.")
            facts = {"objects": self.declaration.label_plural}
            return [Ground("kept", False, says % facts)]
        name = self.declaration.name
        if self.declaration.for_administrators and self.whole.scope == Scope.NONE:
            says = _("Only owners and managers reach these.")
            return [Ground("administrators", False, says)]
        if self.person.is_kept_by_token(name, self.action):
            return [Ground("token", False, _("The token does not allow it, the roles do."))]
        if any(part.whatever_audience in reached for part in self.parts):
            return [case.shut_by_audience(self.person.principal.name)]
        return [told for one in self.parts for told in case.closing(self.person, one)]
