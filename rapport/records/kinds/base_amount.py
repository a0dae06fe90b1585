"""An amount in the workspace's own currency, worked out at a rate where it was in another."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from rapport.records.kinds.base import Context
from rapport.records.kinds.number import Money


class Converted(Decimal):
    """An amount in which a rate has a part."""


class Reckoned(Decimal):
    """An amount that was in the currency `of`; it is exact if that is the workspace's own."""

    of: str = ""


class BaseAmount(Money):
    """An amount in the workspace's currency, kept by the database (`schema/amounts.py`)."""

    @property
    def is_ours(self) -> bool:
        return True

    @property
    def logged(self) -> tuple[str, ...]:
        return super().logged[:1]

    @property
    def written(self) -> tuple[str, ...]:
        return self.paths[:1]

    def load(self, columns: Sequence[Any]) -> Any:
        if columns[0] is None:
            return None
        made = Reckoned(columns[0])
        made.of = columns[1] or "" if len(columns) > 1 else ""
        return made

    def plain(self, value: Any, context: Context) -> str:
        if value is None:
            return ""
        if getattr(value, "of", "") in ("", context.currency):
            return super().plain(value, context)
        return f"≈ {super().plain(Decimal(round(value)), context)}"
