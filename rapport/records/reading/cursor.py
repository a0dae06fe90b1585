"""Where a page of a list ended, as an opaque text for addresses."""

from __future__ import annotations

import base64
import json
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

SEAL = 9


class BadCursor(ValueError):
    """A cursor that no list of ours gave out."""


_WRITE: list[tuple[type, str, Any]] = [
    (str, "s", str),
    (bool, "b", int),
    (int, "i", int),
    (Decimal, "n", str),
    (datetime, "m", datetime.isoformat),
    (date, "d", date.isoformat),
    (timedelta, "t", timedelta.total_seconds),
    (UUID, "u", str),
]
_READ: dict[str, Any] = {
    "s": str,
    "b": bool,
    "i": int,
    "n": Decimal,
    "m": datetime.fromisoformat,
    "d": date.fromisoformat,
    "t": lambda seconds: timedelta(seconds=seconds),
    "u": UUID,
}


def write_cursor(sort: str, key: Any, record_id: UUID) -> str:
    """A cursor for the row with this sort key and id, good only for this sort."""
    mark, text = next((mark, form(key)) for kind, mark, form in _WRITE if isinstance(key, kind))
    raw = json.dumps([sort, mark, text, str(record_id)], separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(_seal(raw) + raw).decode().rstrip("=")


def read_cursor(sort: str, cursor: str) -> tuple[Any, UUID]:
    """The sort key and id of a cursor. Raises BadCursor."""
    try:
        sealed = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        seal, raw = sealed[:SEAL], sealed[SEAL:]
        if not constant_time_compare(seal, _seal(raw)):
            raise ValueError("the seal is not ours")
        made_for, mark, text, record_id = json.loads(raw)
        key, found = _READ[mark](text), UUID(record_id)
    except (ValueError, KeyError, TypeError, ArithmeticError) as problem:
        raise BadCursor(
            _("This place in the list is not known; start from its first page.")
        ) from problem
    if made_for != sort:
        raise BadCursor(
            _("This place belongs to another order of the list; start from its first page.")
        )
    return key, found


def _seal(raw: bytes) -> bytes:
    """So that no key of a type the column doesn't have ever reaches the database."""
    return salted_hmac("rapport.cursor", raw, algorithm="sha256").digest()[:SEAL]
