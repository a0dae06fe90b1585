"""The lines of an order."""

from __future__ import annotations

from typing import Any

from rapport.sales.parts.quote_lines import DocumentLines


class OrderLines(DocumentLines):
    """Lines and headings of an order."""

    type = "order_lines"

    def __init__(self, label: Any, **options: Any) -> None:
        super().__init__(
            label, "sales.OrderLine", key="order_id", sums_at="/orders/sums/", **options
        )
