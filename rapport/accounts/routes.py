"""What a route admits: staff, and a form's worth of bytes, unless its view says otherwise."""

from collections.abc import Callable
from typing import Any

from rapport.accounts.principals import Principal

STAFF_ONLY = frozenset({"staff"})
KINDS = frozenset({"staff", "service", "agent", "contact", "partner", "directory", "anonymous"})

#: A long form, a pasted table; whoever takes files says so.
MOST_BYTES = 16 * 1024 * 1024

type View = Callable[..., Any]


def admits(*kinds: str, roles: tuple[str, ...] = ()) -> Callable[[View], View]:
    """Declare the kinds of principal a view admits, and of staff only those roles.

    "anonymous" admits everybody. The middleware checks before the view runs.
    Raises ValueError for an unknown kind.
    """
    if unknown := set(kinds) - KINDS:
        raise ValueError(f"Unknown kinds of principal: {', '.join(sorted(unknown))}")

    def declare(view: View) -> View:
        vars(view).update(admitted_kinds=frozenset(kinds), admitted_roles=frozenset(roles))
        return view

    return declare


def is_admitted(principal: Principal, view: View) -> bool:
    """Whether the principal may enter the view."""
    kinds: frozenset[str] = getattr(view, "admitted_kinds", STAFF_ONLY)
    roles: frozenset[str] = getattr(view, "admitted_roles", frozenset())
    if "anonymous" in kinds:
        return True
    return principal.kind in kinds and (not roles or principal.role in roles)


def takes(most_bytes: Callable[[], int], *, refuse: View | None = None) -> Callable[[View], View]:
    """Declare how many bytes a view takes in one request; asked anew each time.

    The middleware refuses more by what the request announces, before it is read: with the answer
    of `refuse`, called like the view, so that people stay on their page, else in general words.
    """

    def declare(view: View) -> View:
        vars(view).update(most_bytes=most_bytes, refuse_large=refuse)
        return view

    return declare


def most_bytes_of(view: View) -> int:
    """The most bytes a request to this view may have."""
    most: Callable[[], int] | None = getattr(view, "most_bytes", None)
    return most() if most else MOST_BYTES


def refusal_of(view: View) -> View | None:
    """What answers a request that is too large for this view in words of its own."""
    refuse: View | None = getattr(view, "refuse_large", None)
    return refuse
