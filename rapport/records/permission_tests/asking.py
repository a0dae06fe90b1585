"""Whether a permission test holds: by the SQL that every read uses, for sets of records at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from rapport.accounts.held import roles_by_key
from rapport.accounts.identity import followed_by
from rapport.accounts.models import Membership, Role, Team, User
from rapport.accounts.principals import Principal, Scope, principal_of
from rapport.accounts.queries import active_users, holders_of
from rapport.records import access, registry
from rapport.records.conditions import ConditionError, ask, from_json
from rapport.records.declare import Object
from rapport.records.metadata.restrictions import Restrictions, restrictions
from rapport.records.models import PermissionTest
from rapport.records.reached import Reach
from rapport.records.ruled import context_of_rules

State = PermissionTest.State
_NOBODY = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What asking a test came to, with one by whom and one record on which it does not hold."""

    state: str
    people: int = 0
    user_id: UUID | None = None
    record_id: UUID | None = None


class Unaskable(ValueError):
    """A test that speaks of something that is there no more."""


def outcomes(tests: Iterable[PermissionTest]) -> Mapping[UUID, Outcome]:
    """What each test comes to now, in the transaction that is open; nothing is noted."""
    levels = restrictions()
    known: dict[UUID, Principal] = {}
    return {one.pk: _outcome(one, levels, known) for one in tests}


def _outcome(test: PermissionTest, levels: Restrictions, known: dict[UUID, Principal]) -> Outcome:
    try:
        declaration = _declaration(test)
        people = _people(test)
        which = _which(test, declaration)
    except (Unaskable, ConditionError):
        return Outcome(State.BROKEN)
    askers = [known.setdefault(user.pk, principal_of(user)) for user in people]
    by_reach: dict[tuple[Reach, bool], UUID | None] = {}
    for principal in askers or _stand_ins(test):
        key = (
            access.reach(principal, declaration, test.action),
            _opens_field(test, declaration, principal, levels),
        )
        by_reach.setdefault(key, principal.user_id if askers else None)
    for (reach, opens_field), user_id in by_reach.items():
        record = _against(test, declaration, which, reach, opens_field=opens_field)
        if record is not None:
            return Outcome(State.FAILS, len(people), user_id, record)
    return Outcome(State.PASSES, len(people))


def _stand_ins(test: PermissionTest) -> list[Principal]:
    """Somebody who would hold a role that nobody holds, owns nothing and is in no team."""
    held = next((one for one in roles_by_key().values() if one.role.pk == test.who_id), None)
    if test.who != PermissionTest.Who.ROLE or held is None:
        return []
    return [
        Principal(
            kind="staff",
            user_id=_NOBODY,
            role=held.role.key,
            team_user_ids=(_NOBODY,),
            below_user_ids=(_NOBODY,),
            holder_ids=(_NOBODY, held.role.pk),
            grants=held.grants,
            rules=held.rules,
            follows=followed_by([held.grants]),
        )
    ]


def _against(
    test: PermissionTest,
    declaration: type[Object],
    which: Q,
    reach: Reach,
    *,
    opens_field: bool,
) -> UUID | None:
    """A record on which the test does not hold for whoever reaches so far."""
    every = declaration.model._default_manager.filter(which, deleted_at__isnull=True)
    if test.is_must:
        # What somebody keeps private is no fault of the rights.
        reach = reach.open
    reached = access.reached_rows(declaration, reach)
    if not test.is_must:
        found = every.filter(pk__in=reached.values("pk")) if opens_field else every.none()
    elif not opens_field:
        found = every
    elif reach == Reach(Scope.ALL):
        return None
    else:
        found = every.exclude(pk__in=reached.values("pk"))
    return _first(found)


def _first(found: QuerySet[Any]) -> UUID | None:
    return next(iter(found.order_by().values_list("pk", flat=True)[:1]), None)


def _declaration(test: PermissionTest) -> type[Object]:
    if not registry.is_declared(test.object):
        raise Unaskable
    declaration = registry.get(test.object)
    if test.field and test.field not in declaration.fields:
        raise Unaskable
    return declaration


def _opens_field(
    test: PermissionTest, declaration: type[Object], principal: Principal, levels: Restrictions
) -> bool:
    """Whether the field, if the test has one, is open by the levels as they stand in the database:
    those of a change that is only tried are known to no process."""
    if not test.field:
        return True
    present = declaration.fields[test.field]
    rights = levels.get(declaration.name, {}).get(test.field)
    kind = registry.restricted(present.unrestricted or present, rights)
    opens = access.edits if test.action == "edit" else access.reads
    return opens(kind, principal)


def _people(test: PermissionTest) -> Sequence[User]:
    users = active_users().select_related("role")
    match test.who:
        case PermissionTest.Who.USER:
            if not User.objects.filter(pk=test.who_id).exists():
                raise Unaskable
            return list(users.filter(pk=test.who_id))
        case PermissionTest.Who.TEAM:
            if not Team.objects.filter(pk=test.who_id).exists():
                raise Unaskable
            return list(users.filter(memberships__team=test.who_id))
    role = Role.objects.filter(pk=test.who_id).first()
    if role is None:
        raise Unaskable
    return list(holders_of(role).select_related("role"))


def _which(test: PermissionTest, declaration: type[Object]) -> Q:
    match test.which:
        case PermissionTest.Which.USER:
            return Q(owner_id=test.which_id)
        case PermissionTest.Which.TEAM:
            if test.which_id is None or not Team.objects.filter(pk=test.which_id).exists():
                raise Unaskable
            members = Membership.objects.filter(team=test.which_id).values_list(
                "user_id", flat=True
            )
            return Q(owner_id__in=list(members))
        case PermissionTest.Which.CONDITION:
            return ask(from_json(test.condition), declaration, context_of_rules()).where
    return Q()
