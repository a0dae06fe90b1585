"""Short-lived addresses of files, each for one person or token.

An address costs no statement, so that a page may have many. It is no right of its own: whoever
comes by it must still see the record. The key lies beside the database, not in it.
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
_SALT = "rapport.records.attachments"


class Forged(Exception):
    """An address that we never made, or not for this file."""


class RunOut(Exception):
    """An address that was good for its minutes."""


@dataclass(frozen=True, slots=True)
class Holder:
    """For whom an address was made: the key of a user or, with `is_token`, of a token."""

    key: UUID
    is_token: bool


def address_of(attachment_id: UUID, principal: Principal) -> tuple[str, int]:
    """Return where the principal fetches the file, and until when, in seconds since 1970.

    To be called for files that the principal may see. Raises ValueError for one with neither a
    user nor a token.
    """
    holder = principal.token_id or principal.user_id
    if holder is None:
        raise ValueError("Nobody to sign an address for.")
    now = int(time.time())
    until = now - now % STEP_SECONDS + STEP_SECONDS + LIFE_SECONDS
    told = f"{TOKEN if principal.token_id else PERSON}{holder.hex}.{until}"
    return f"/files/{attachment_id}/{told}.{_signature(attachment_id, told)}/", until


def holder_of(attachment_id: UUID, stamp: str) -> Holder:
    """Return for whom the last part of a file's address was made. Raises Forged, RunOut."""
    told, _dot, signature = stamp.rpartition(".")
    try:
        _signer().unsign(f"{attachment_id.hex}.{told}:{signature}")
    except BadSignature:
        raise Forged from None
    key, _dot, until = told.partition(".")
    if int(until) < time.time():
        raise RunOut
    return Holder(UUID(key[1:]), is_token=key[0] == TOKEN)


def _signature(attachment_id: UUID, told: str) -> str:
    return _signer().signature(f"{attachment_id.hex}.{told}")


def _signer() -> Signer:
    return Signer(salt=_SALT)
