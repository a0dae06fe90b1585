"""What the open lanes of a board add up to by currency: each as it is, and what it comes to."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import Count, F, QuerySet, Sum

from rapport.records.declare import Board, Lane, Object
from rapport.records.kinds.number import Money
from rapport.records.reading import Source


class InCurrency(NamedTuple):
    """Records of one currency: how many, their sum and its weighted part, and both in ours."""

    currency: str
    number: int
    total: Decimal | None
    weighted: Decimal | None
    base: Decimal | None
    weighted_base: Decimal | None


def money_of(declaration: type[Object], board: Board) -> Money | None:
    """The field whose amounts, in their own currencies, the board's total is made of."""
    kinds = (kind for kind in declaration.fields.values() if isinstance(kind, Money))
    return next((kind for kind in kinds if kind.base == board.total), None)


def sums_by_currency(
    rows: Source, declaration: type[Object], board: Board, lanes: Sequence[Lane], money: Money
) -> list[InCurrency]:
    """The sums of all open lanes together, the largest first."""
    path = declaration.fields[board.by].path
    values = tuple(lane.value for lane in lanes if lane.state == "open")
    amount, currency = money.paths
    base = declaration.fields[board.total].path
    weight = F(declaration.fields[board.weight].path) / 100 if board.weight else None

    def shape(query: QuerySet[Any]) -> QuerySet[Any]:
        found = query.filter(**{f"{path}__in": values}).order_by().values(currency)
        weighed = {
            "_own": Sum(F(amount) * weight), "_base": Sum(F(base) * weight)
        } if weight else {"_own": Sum(amount), "_base": Sum(base)}  # fmt: skip
        summed = found.annotate(_n=Count("pk"), _a=Sum(amount), _b=Sum(base), **weighed)
        return summed.values_list(currency, "_n", "_a", "_own", "_b", "_base")

    told = [InCurrency(*row) for row in rows.compiled(("currencies", path, values), shape).run()]
    return sorted(told, key=lambda one: (-(one.base or 0), one.currency))
