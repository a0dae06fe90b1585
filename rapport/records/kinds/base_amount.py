"""An amount in the workspace's own currency, worked out at a rate and so never quite exact."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from rapport.records.kinds.base import Context
from rapport.records.kinds.number import Money


class Converted(Decimal):
    """An amount in which a rate has a part."""


class BaseAmount(Money):
    """An amount in the workspace's currency, kept by the database (`schema/amounts.py`)."""

    @property
    def paths(self) -> tuple[str, ...]:
        return (self.path,)

    def load(self, columns: Sequence[Any]) -> Any:
        return columns[0]

    def plain(self, value: Any, context: Context) -> str:
        return f"≈ {super().plain(Decimal(round(value)), context)}" if value is not None else ""
