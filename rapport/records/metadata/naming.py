"""What the indexes of custom fields are called, and the way back from a name to the field."""

from __future__ import annotations

from collections.abc import Mapping

from rapport.records.kinds.base import Kind
from rapport.records.metadata.kinds import InCustom

PREFIX = "cx_"
UNIQUE = "u"


def unique_name(field: InCustom) -> str:
    """What the index is called that keeps the field's values apart."""
    return f"{PREFIX}{field.key}{UNIQUE}"


def field_of_index(name: str, fields: Mapping[str, Kind]) -> str:
    """The field whose values an index keeps apart; empty for any other index."""
    found = (
        one for one, kind in fields.items() if isinstance(kind, InCustom)
        and name == unique_name(kind)
    )  # fmt: skip
    return next(found, "")
