"""Somebody who has proved himself by password and still owes the second factor.

He is nobody yet: the session holds only whom he may become, for some minutes.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

from django.utils.crypto import constant_time_compare

from rapport.accounts.models import User
from rapport.accounts.request import Request

_KEY = "pending"
LIFE_SECONDS = 10 * 60


@dataclass(frozen=True, slots=True)
class Pending:
    """Who it would be, whether he stays for 30 days, and where he was heading."""

    user: User
    stays: bool
    target: str


def hold(request: Request, user: User, stays: bool, target: str) -> None:
    """Remember who has given his password, under a new session key."""
    request.session.cycle_key()
    request.session[_KEY] = {
        "user": str(user.pk),
        # A new password voids what the old one began.
        "proof": user.get_session_auth_hash(),
        "stays": stays,
        "target": target,
        "at": int(time.time()),
    }


def held(request: Request) -> Pending | None:
    """Return who is half-way in; None if nobody, or his minutes are over, or he was shut out."""
    kept = request.session.get(_KEY)
    if not kept or time.time() - kept["at"] > LIFE_SECONDS:
        return None
    user = User.objects.select_related("role").filter(pk=kept["user"], is_active=True).first()
    if user is None or not constant_time_compare(kept["proof"], user.get_session_auth_hash()):
        return None
    return Pending(user, kept["stays"], kept["target"])


def release(request: Request) -> None:
    """Forget who was half-way in."""
    request.session.pop(_KEY, None)
