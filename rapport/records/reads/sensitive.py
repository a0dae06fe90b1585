"""Which fields are personal, and which so much that reading them must be answered for."""

from __future__ import annotations

from functools import lru_cache

from rapport.records import registry
from rapport.records.declare import Object
from rapport.records.kinds.base import NONE, SENSITIVE, Kind


def level_of(declaration: type[Object], kind: Kind) -> str:
    """How personal a field is: none, personal or sensitive."""
    privacy = kind.privacy or declaration.privacy
    if privacy is None or isinstance(privacy, str):
        return privacy or NONE
    return privacy.level


def sensitive_fields(declaration: type[Object]) -> frozenset[str]:
    """The names of its sensitive fields."""
    return _sensitive(registry.edition(), declaration.name)


@lru_cache(maxsize=512)
def _sensitive(_edition: int, name: str) -> frozenset[str]:
    declaration = registry.get(name)
    return frozenset(
        field
        for field, kind in declaration.fields.items()
        if level_of(declaration, kind) == SENSITIVE
    )
