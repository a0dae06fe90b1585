"""Where the content of a file is fetched."""

from __future__ import annotations

from uuid import UUID

from rapport.accounts.principals import Principal
from rapport.records.signing import stamp_for


def address_of(attachment_id: UUID, principal: Principal) -> tuple[str, int]:
    """Return where the principal fetches a file that he may see, and until when, in seconds since
    1970. Raises ValueError for one with neither a user nor a token.
    """
    stamp, until = stamp_for(stamped(attachment_id), principal)
    return f"/files/{attachment_id}/{stamp}/", until


def stamped(attachment_id: UUID) -> str:
    """What the stamp in the address is about."""
    return f"file.{attachment_id.hex}"
