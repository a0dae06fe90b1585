"""Which principals a route admits. Staff, unless its view says otherwise."""

from collections.abc import Callable
from typing import Any

from rapport.accounts.principals import Principal

STAFF_ONLY = frozenset({"staff"})
KINDS = frozenset({"staff", "service", "agent", "contact", "partner", "anonymous"})

type View = Callable[..., Any]


def admits(*kinds: str, roles: tuple[str, ...] = ()) -> Callable[[View], View]:
    """Declare the kinds of principal a view admits, and of staff only those roles.

    "anonymous" admits everybody. The middleware checks before the view runs.
    Raises ValueError for an unknown kind.
    """
    if unknown := set(kinds) - KINDS:
        raise ValueError(f"Unknown kinds of principal: {', '.join(sorted(unknown))}")

    def declare(view: View) -> View:
        view.admitted_kinds = frozenset(kinds)  # type: ignore[attr-defined]
        view.admitted_roles = frozenset(roles)  # type: ignore[attr-defined]
        return view

    return declare


def is_admitted(principal: Principal, view: View) -> bool:
    """Whether the principal may enter the view."""
    kinds: frozenset[str] = getattr(view, "admitted_kinds", STAFF_ONLY)
    roles: frozenset[str] = getattr(view, "admitted_roles", frozenset())
    if "anonymous" in kinds:
        return True
    return principal.kind in kinds and (not roles or principal.role in roles)
