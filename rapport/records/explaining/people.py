"""The person an explanation is about, with what each of his roles grants alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from rapport.accounts.held import HeldRole, roles_by_key
from rapport.accounts.identity import followed_by
from rapport.accounts.models import User
from rapport.accounts.principals import ACTIONS, Grant, Principal, Scope, granted, principal_of


@dataclass(frozen=True, slots=True)
class Person:
    """Whoever it is about, as the next request would know him."""

    principal: Principal
    roles: Sequence[HeldRole]
    is_active: bool = True

    def by_role(self, held: HeldRole, name: str) -> Principal:
        """Him as if he held this role alone, as far as one object goes; what a token takes away
        from him stays taken."""
        whole = self.principal.grant(name)
        own = granted(held.grants, name)
        left = Grant(
            *[own.of(one) if whole.of(one) != Scope.NONE else Scope.NONE for one in ACTIONS]
        )
        return replace(
            self.principal,
            grants={**self.principal.grants, name: left},
            rules={name: held.rules.get(name, {})},
            follows=followed_by([{name: left}]),
        )

    def is_kept_by_token(self, name: str, action: str) -> bool:
        """Whether it is his token alone that does not let him do it."""
        if not self.principal.is_narrowed or self.principal.grant(name).of(action) != Scope.NONE:
            return False
        return any(granted(one.grants, name).of(action) != Scope.NONE for one in self.roles)


def person_of(principal: Principal, known: Mapping[str, HeldRole] | None = None) -> Person:
    """Whoever asks; `known` are all roles if they were read before."""
    every = roles_by_key() if known is None else known
    return Person(principal, [every[key] for key in principal.roles if key in every])


def people_of(users: Iterable[User]) -> list[Person]:
    """These users; a statement or two each."""
    every = roles_by_key()
    return [
        replace(person_of(principal_of(user), every), is_active=user.is_active) for user in users
    ]
