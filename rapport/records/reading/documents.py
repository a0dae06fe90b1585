"""Records as JSON documents, for programs and for files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, is_dataclass
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder

from rapport.records.completeness.kind import Completeness
from rapport.records.declare import Object
from rapport.records.reading.page import Row


class Encoder(DjangoJSONEncoder):
    """Also takes what computed fields hold."""

    def default(self, value: Any) -> Any:
        """Dataclasses by their fields, sets as lists."""
        if is_dataclass(value) and not isinstance(value, type):
            return asdict(value)
        return sorted(value) if isinstance(value, set | frozenset) else super().default(value)


def document(
    row: Row, declaration: type[Object], names: Sequence[str], *, has_reasons: bool = False
) -> dict[str, Any]:
    """One record with the named fields; its id and version always. With `has_reasons` a score of
    completeness has beside it what the record lacks."""
    values: dict[str, Any] = {}
    for name in names:
        if name == "id":
            continue
        kind, value = declaration.fields[name], row.values.get(name)
        values[name] = kind.json(value)
        if has_reasons and isinstance(kind, Completeness):
            values[f"{name}_lacks"] = kind.lacks(value)
    return {"id": str(row.id), "version": row.version, **values}
