"""Which objects have tallies: those whose declared board adds something up."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import DecimalField, ExpressionWrapper, F
from psycopg import sql

from rapport.records import registry
from rapport.records.declare import Board, Object
from rapport.records.sql import column_at, column_of


@dataclass(frozen=True, slots=True)
class Tallied:
    """An object, and the paths of lane, amount and chance of its board."""

    object: str
    model: type[models.Model]
    lane: str
    total: str
    weight: str

    @property
    def names(self) -> dict[str, sql.Composable]:
        """The parts of a statement that differ from object to object."""
        total = sql.SQL("r.{}").format(self._column(self.total))
        weighted: sql.Composable = sql.SQL("0")
        if self.weight:
            weighted = sql.SQL("{} * r.{}").format(total, self._column(self.weight))
        return {
            "object": sql.Literal(self.object),
            "table": sql.Identifier(self.model._meta.db_table),
            "lane": self._column(self.lane),
            "total": total,
            "weighted": weighted,
        }

    def _column(self, path: str) -> sql.Identifier:
        return sql.Identifier(column_of(column_at(self.model, path)))


def tallied_objects() -> Iterator[Tallied]:
    """Every object that has them."""
    return (one for declaration in registry.all_objects() if (one := tallied(declaration)))


def tallied(declaration: type[Object]) -> Tallied | None:
    """The tallies of an object, None where its board adds nothing up. Of records that may be
    private there are none: whose they are does not say who sees them."""
    board = declaration.board
    if board is None or not board.total or declaration.may_be_private():
        return None
    weight = declaration.fields[board.weight].path if board.weight else ""
    lane = declaration.fields[board.by].path
    total = total_path(declaration, board)
    return Tallied(declaration.name, declaration.model, lane, total, weight)


def total_path(declaration: type[Object], board: Board) -> str:
    """The column that a board adds up: of money the amount in the workspace's currency."""
    kind = declaration.fields[board.total]
    return getattr(kind, "base", "") or kind.path


def measures(declaration: type[Object], board: Board) -> dict[str, Any]:
    """What a board adds up, of rows of its object."""
    if not board.total:
        return {}
    base = total_path(declaration, board)
    found: dict[str, Any] = {"_total": F(base)}
    if board.weight:
        weighted = F(base) * F(declaration.fields[board.weight].path)
        number = DecimalField(max_digits=30, decimal_places=4)
        found["_weighted"] = ExpressionWrapper(weighted, number)
    return found
