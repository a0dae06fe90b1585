"""Who asks: the principal that every read and every write is done for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING
from uuid import UUID

if TYPE_CHECKING:
    from rapport.accounts.models import User

EVERY_OBJECT = "*"
#: Actions on records that are there, so that a rule can choose among them.
RULED = ("view", "edit", "delete", "export", "bulk", "merge")
#: Of these, those that may follow the records that one is about.
FOLLOWED = ("view", "edit", "delete", "export", "bulk")
ACTIONS = ("view", "create", "edit", "delete", "export", "import", "bulk", "merge")


class Scope(StrEnum):
    """How far an action reaches, the wider the later: nowhere, records that meet a rule, own ones
    and those about records that it reaches, own ones, those of the team, those of teams and
    colleagues below too, all."""

    NONE = "none"
    RULE = "rule"
    FOLLOW = "follow"
    OWN = "own"
    TEAM = "team"
    BELOW = "below"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Grant:
    """The scope of each action on one object."""

    view: Scope = Scope.NONE
    create: Scope = Scope.NONE
    edit: Scope = Scope.NONE
    delete: Scope = Scope.NONE
    export: Scope = Scope.NONE
    import_: Scope = Scope.NONE
    bulk: Scope = Scope.NONE
    merge: Scope = Scope.NONE

    def of(self, action: str) -> Scope:
        """The scope of an action by its name."""
        scope: Scope = getattr(self, "import_" if action == "import" else action)
        return scope


NOTHING_GRANTED = Grant()
ALL_GRANTED = Grant(*[Scope.ALL] * len(ACTIONS))

_WIDTH = {scope: width for width, scope in enumerate(Scope)}


def united(roles: Sequence[Mapping[str, Grant]]) -> Mapping[str, Grant]:
    """The grants of several roles together: of each action on each object the widest scope; a rule
    and what follows others count for little, since what they reach is added to any scope."""
    names = dict.fromkeys((EVERY_OBJECT, *(name for role in roles for name in role)))
    return MappingProxyType(
        {name: _widest([granted(role, name) for role in roles]) for name in names}
    )


def granted(grants: Mapping[str, Grant], name: str) -> Grant:
    """The grant on an object: its own, else that for every object, else none."""
    return grants.get(name) or grants.get(EVERY_OBJECT) or NOTHING_GRANTED


def _widest(grants: Sequence[Grant]) -> Grant:
    scopes = (max((one.of(action) for one in grants), key=_WIDTH.__getitem__) for action in ACTIONS)
    return Grant(*scopes)


@dataclass(frozen=True, slots=True)
class Principal:
    """One asker with all that decides what he may see and do; built once per request."""

    kind: str
    user_id: UUID | None = None
    name: str = ""
    #: The role that gives him his rank, and those he holds besides.
    role: str = ""
    more_roles: tuple[str, ...] = ()
    #: Himself and who shares a team with him; also those in teams below, and who reports to him.
    team_user_ids: tuple[UUID, ...] = ()
    below_user_ids: tuple[UUID, ...] = ()
    #: His teams in the order of their names.
    team_ids: tuple[UUID, ...] = ()
    #: As whom records are shared with him: himself, his teams, those they are part of, his roles.
    holder_ids: tuple[UUID, ...] = ()
    grants: Mapping[str, Grant] = field(default_factory=lambda: MappingProxyType({}))
    #: Conditions as JSON, by object and action, that roles with the scope "rule" give.
    rules: Mapping[str, Mapping[str, tuple[str, ...]]] = field(
        default_factory=lambda: MappingProxyType({})
    )
    #: Actions by object that roles with the scope "follow" give.
    follows: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    language: str = "en"
    timezone: str = "UTC"
    locale: str = "en"
    #: The token he comes by, and whether it may do less than he.
    token_id: UUID | None = None
    is_narrowed: bool = False
    #: The administrator who only looks as this user, if it is not himself.
    viewed_by: UUID | None = None
    #: Whether what he reads is worked into something that everybody is told alike, so that nothing
    #: private may have a part in it.
    is_common: bool = False

    @property
    def is_owner(self) -> bool:
        """Whether this is a person who runs the workspace, by himself or by a token that may do
        all he may."""
        return self.kind == "staff" and self.role == "owner" and not self.is_narrowed

    @property
    def administers(self) -> bool:
        """Whether this is an owner or a manager, also by a token that may do it all."""
        return self.role in ("owner", "manager") and not self.is_narrowed

    @property
    def is_staff(self) -> bool:
        """Whether this principal may enter routes that admit staff."""
        return self.kind == "staff"

    @property
    def roles(self) -> tuple[str, ...]:
        """All his roles, the main one first."""
        return (self.role, *self.more_roles)

    def grant(self, name: str) -> Grant:
        """Return the grant on object `name`: its own, else that for every object, else none."""
        return granted(self.grants, name)


ANONYMOUS = Principal(kind="anonymous")


def service(name: str) -> Principal:
    """Return a principal for the house's own work (jobs, seeds), which may do everything."""
    return Principal(kind="service", name=name, grants={EVERY_OBJECT: ALL_GRANTED})


def principal_of(user: User) -> Principal:
    """Return the principal of `user`; reads nothing if the user came from the request."""
    from rapport.accounts.identity import account_facts

    facts = account_facts(user)
    return Principal(
        kind="staff",
        user_id=user.pk,
        name=user.name,
        role=user.role.key,
        more_roles=facts.more_roles,
        team_user_ids=(user.pk, *(mate for mate in facts.mates if mate != user.pk)),
        below_user_ids=(user.pk, *(one for one in facts.below if one != user.pk)),
        team_ids=facts.teams,
        holder_ids=facts.holders,
        grants=facts.grants,
        rules=facts.rules,
        follows=facts.follows,
        language=user.language,
        timezone=user.timezone,
        locale=user.locale or user.language,
    )
