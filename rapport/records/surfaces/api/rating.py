"""How many requests a program may send the API a minute."""

from __future__ import annotations

from rapport.accounts import pace
from rapport.accounts.pace import Allowance, TooFast, tell
from rapport.accounts.request import Request
from rapport.records.surfaces.api.problems import Problem

__all__ = ["take", "tell"]


def take(request: Request) -> Allowance | None:
    """Count a request of its token, or of its user; None where there is no limit.

    Raises Problem 429 when none is left.
    """
    principal = request.principal
    try:
        return pace.take(principal.token_id or principal.user_id)
    except TooFast as refusal:
        raise Problem(429, str(refusal), headers=refusal.headers) from None
