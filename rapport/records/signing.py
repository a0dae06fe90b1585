"""Short-lived stamps for addresses of content, each for one person or token.

A stamp costs no statement, so that a page may have many. It is no right of its own: whoever comes
by it must still see what it leads to. The key lies beside the database, not in it.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from uuid import UUID

from django.core.signing import BadSignature, Signer

from rapport.accounts.principals import Principal

LIFE_SECONDS = 5 * 60
#: Within a minute the same page has the same addresses.
STEP_SECONDS = 60
PERSON, TOKEN = "u", "t"
_SALT = "rapport.records.signing"


class Forged(Exception):
    """A stamp that we never made, or not for this content."""


class RunOut(Exception):
    """A stamp that was good for its minutes."""


@dataclass(frozen=True, slots=True)
class Holder:
    """For whom a stamp was made: the key of a user or, with `is_token`, of a token."""

    key: UUID
    is_token: bool


def stamp_for(what: str, principal: Principal) -> tuple[str, int]:
    """Return the last part of an address of this content, and until when it is good, in seconds
    since 1970.

    To be called for what the principal may see. Raises ValueError for one with neither a user nor
    a token.
    """
    holder = principal.token_id or principal.user_id
    if holder is None:
        raise ValueError("Nobody to sign an address for.")
    now = int(time.time())
    until = now - now % STEP_SECONDS + STEP_SECONDS + LIFE_SECONDS
    told = f"{TOKEN if principal.token_id else PERSON}{holder.hex}.{until}"
    return f"{told}.{_signer().signature(f'{what}.{told}')}", until


def holder_of(what: str, stamp: str) -> Holder:
    """Return for whom a stamp of this content was made. Raises Forged, RunOut."""
    told, _dot, signature = stamp.rpartition(".")
    try:
        _signer().unsign(f"{what}.{told}:{signature}")
    except BadSignature:
        raise Forged from None
    key, _dot, until = told.partition(".")
    if int(until) < time.time():
        raise RunOut
    return Holder(UUID(key[1:]), is_token=key[0] == TOKEN)


def _signer() -> Signer:
    return Signer(salt=_SALT)
