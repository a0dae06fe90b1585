"""Values that no two records may share, while the index that will see to it is not built yet."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import connection

from rapport.records.declare import Object
from rapport.records.folding import sort_form
from rapport.records.kinds.base import Kind
from rapport.records.kinds.text import Text
from rapport.records.store.constraints import doubled


def check_unique(
    declaration: type[Object],
    kinds: Mapping[str, Kind],
    values: Mapping[str, Any],
    record_id: UUID | None = None,
) -> None:
    """Raises Doubled for a value of a custom field that another record has.

    Writers of the same value wait for one another, so that two at once don't both find none.
    """
    for name, kind in kinds.items():
        value = values.get(name)
        if not (kind.is_custom and kind.unique) or kind.index or kind.blank(value):
            continue
        _wait_for_turn(kind, value)
        others = declaration.model._default_manager.filter(deleted_at=None)
        if record_id is not None:
            others = others.exclude(pk=record_id)
        if others.filter(kind.condition("is", value)).exists():
            raise doubled(declaration, name)


def _wait_for_turn(kind: Kind, value: Any) -> None:
    form = sort_form(value) if isinstance(kind, Text) else str(value)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"{kind.path} {form}"]
        )
