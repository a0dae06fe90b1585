"""Noting that records left the house."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from rapport.accounts.principals import Principal
from rapport.records.declare import Object
from rapport.records.models import Reading


def begin_export(
    principal: Principal,
    declaration: type[Object],
    columns: list[str],
    detail: Mapping[str, str | None],
) -> UUID:
    """Note an export before its first row leaves; the entry that `end_export` says the end of."""
    made = Reading.objects.create(
        user_id=principal.user_id,
        principal=principal.kind,
        through="export",
        object=declaration.name,
        fields=columns,
        detail=dict(detail),
    )
    return made.pk


def end_export(principal: Principal, declaration: type[Object], began: UUID, rows: int) -> None:
    """Note how many rows left in the end."""
    Reading.objects.create(
        user_id=principal.user_id,
        principal=principal.kind,
        through="export",
        object=declaration.name,
        rows=rows,
        ends=began,
    )
