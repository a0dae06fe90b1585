"""Which of some records meet a condition."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from rapport.records import access
from rapport.records.conditions.compile import ask
from rapport.records.conditions.tree import Condition
from rapport.records.declare import Object
from rapport.records.kinds.base import Context


def matches(
    condition: Condition,
    declaration: type[Object],
    ids: Iterable[UUID],
    context: Context,
    *,
    trashed: bool | None = False,
) -> set[UUID]:
    """Those of `ids` that the principal sees and that meet the condition: one statement.

    `trashed` asks for those in the trash instead, None for both. Raises
    ConditionError like `ask`.
    """
    asked = ask(condition, declaration, context, few=True)
    found = access.rows(context.principal, declaration.name, trashed=trashed)
    rows = found.filter(pk__in=list(ids))
    return set(rows.filter(asked.where).values_list("pk", flat=True))
