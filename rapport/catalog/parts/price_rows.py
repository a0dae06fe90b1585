"""The lines of a price list."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rapport.records.kinds import Invalid
from rapport.records.kinds.filed_rows import Row
from rapport.records.kinds.number import Decimals, Percent
from rapport.records.kinds.relation import Relation
from rapport.records.kinds.rows import Rows


class PriceLines(Rows):
    """Products with their price by a list, each from a quantity on."""

    type = "price_lines"
    is_set = False
    most = 1_000

    def __init__(self, label: Any, **options: Any) -> None:
        super().__init__(
            label,
            "catalog.PriceLine",
            key="price_list_id",
            columns={
                "product": Relation(gettext_lazy("Product"), "catalog.Product", to="product"),
                "quantity": FromQuantity(gettext_lazy("From quantity"), low=0),
                "price": Decimals(gettext_lazy("Price"), low=0),
                "percent": Percent(gettext_lazy("Percent off list"), low=0, high=100),
            },
            order=("position", "id"),
            **options,
        )

    def check(self, rows: Sequence[Row]) -> None:
        """Whether the rows can stand together. Raises Invalid."""
        if any(row["price"] is None and row["percent"] is None for row in rows):
            raise Invalid(_("Each line needs a price or a percentage off the list price."))
        places = [self.identity(row) for row in rows]
        if len(set(places)) < len(places):
            raise Invalid(_("A product stands there twice from the same quantity on."))

    def identity(self, row: Row) -> Any:
        """What makes a row of a file the one that is there already."""
        return (row[self.subject], row["quantity"])


class FromQuantity(Decimals):
    """A quantity from which something holds; from nothing on if none is said."""

    def parse(self, raw: Any, context: Any) -> Any:
        value = super().parse(raw, context)
        return 0 if value is None else value
