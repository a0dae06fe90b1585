"""Whether a role reaches further than somebody does: nobody hands out more than he has."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from rapport.accounts.identity import account_facts
from rapport.accounts.models import FieldLevel, Grant, Role, User
from rapport.accounts.principals import ACTIONS, EVERY_OBJECT, Scope, granted, united
from rapport.accounts.principals import Grant as Granted

STRICTNESS = {FieldLevel.Level.READ: 1, FieldLevel.Level.HIDDEN: 2}

UNSURE = (Scope.RULE, Scope.FOLLOW)

type Levels = Mapping[tuple[str, str], int]


def is_within(user: User, roles: Iterable[Role]) -> bool:
    """Whether each of the roles does no more than the user may already, with any field."""
    return all(_reaches_no_further(user, role) and _opens_no_more(user, role) for role in roles)


def _reaches_no_further(user: User, role: Role) -> bool:
    own, theirs = account_facts(user).grants, _grants_of(role)
    names = {EVERY_OBJECT, *own, *theirs}
    return all(_is_no_wider(granted(own, name), granted(theirs, name)) for name in names)


def _is_no_wider(own: Granted, theirs: Granted) -> bool:
    """A rule, or following others, reaches records that no other scope is sure to reach, but for
    all of them."""
    both = united([{EVERY_OBJECT: own}, {EVERY_OBJECT: theirs}])[EVERY_OBJECT]
    ruled = (own.of(one) for one in ACTIONS if theirs.of(one) in UNSURE)
    return both == own and all(scope == Scope.ALL for scope in ruled)


def _grants_of(role: Role) -> Mapping[str, Granted]:
    return {one.object_name: _granted(one) for one in Grant.objects.filter(role=role)}


def _granted(row: Grant) -> Granted:
    return Granted(*(Scope(getattr(row, f"{action}_scope")) for action in ACTIONS))


def _opens_no_more(user: User, role: Role) -> bool:
    """Whether what all roles of the user hide or only read is no more open in the other role; one
    that sees no record of an object opens none of its fields."""
    held = [user.role_id, *user.further_roles.values_list("role_id", flat=True)]
    strict = [_levels(key) for key in held]
    theirs, grants = _levels(role.pk), _grants_of(role)
    shut = set.intersection(*(set(one) for one in strict))
    seen = [place for place in sorted(shut) if granted(grants, place[0]).view != Scope.NONE]
    return all(theirs.get(place, 0) >= min(one[place] for one in strict) for place in seen)


def _levels(role_id: UUID) -> Levels:
    rows = FieldLevel.objects.filter(role_id=role_id)
    return {
        (name, field): STRICTNESS[FieldLevel.Level(level)]
        for name, field, level in rows.values_list("object_name", "field", "level")
    }
