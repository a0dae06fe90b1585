"""What the sample company sells: sensors, fittings and the hours of those who fit them."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils import timezone

from rapport.accounts.models import Workspace
from rapport.catalog.actions import expect_delivery, move_stock
from rapport.catalog.queries import Line
from rapport.records.store import ChangeInProgress

#: SKU, name, category, kind, unit, price, cost.
GOODS: tuple[tuple[str, str, str, str, str, int, int], ...] = (
    ("AP-200", "FlowGuard sensor AP 200", "Sensors", "goods", "piece", 1480, 890),
    ("AP-350", "FlowGuard sensor AP 350", "Sensors", "goods", "piece", 2190, 1320),
    ("SV-15", "Probe holder 15 mm", "Fittings", "goods", "piece", 38, 19),
    ("SV-25", "Probe holder 25 mm", "Fittings", "goods", "piece", 54, 27),
    ("FM-80", "Flow meter FM 80", "Meters", "goods", "piece", 640, 355),
    ("FIT", "Fitting by our people", "Services", "service", "hour", 96, 58),
)
STANDARD_RATE, VALID_FROM = "19", "2024-01-01"


def add_products(made: ChangeInProgress) -> dict[str, UUID]:
    """Make the assortment with a bundle; products by their SKU."""
    rates = [{"day": VALID_FROM, "percent": STANDARD_RATE, "country": ""}]
    tax_class = made.create("tax_class", {"name": "Standard", "rates": rates})
    currency = Workspace.objects.get().currency
    found: dict[str, UUID] = {}
    for sku, name, category, kind, unit, price, cost in GOODS:
        values: dict[str, Any] = {
            "sku": sku, "name": name, "category": category, "kind": kind, "unit": unit,
            "price": price, "cost": cost, "currency": currency, "tax_class": tax_class,
            "supplier_days": 10 if kind == "goods" else None,
        }  # fmt: skip
        found[sku] = made.create("product", values)
    parts = {"AP-200": 1, "SV-25": 2, "FIT": 4}
    found["SET-200"] = made.create(
        "product",
        {
            "sku": "SET-200", "name": "Sensor set AP 200, fitted", "category": "Sets",
            "kind": "bundle", "unit": "set", "price": 1890, "currency": currency,
            "tax_class": tax_class,
            "components": [{"product": found[sku], "quantity": n} for sku, n in parts.items()],
        },
    )  # fmt: skip
    lines = [
        {"product": found["AP-200"], "quantity": 10, "price": None, "percent": 12},
        {"product": found["SV-25"], "quantity": 50, "price": 41, "percent": None},
    ]
    made.create("price_list", {"name": "From ten on", "currency": currency, "lines": lines})
    made.create(
        "discount", {"name": "Trade fair", "percent": 5, "code": "FAIR", "usage_limit": 100}
    )
    _fill_warehouse(made, found)
    return found


def _fill_warehouse(made: ChangeInProgress, products: dict[str, UUID]) -> None:
    """Some of everything, one thing that runs short, and a delivery on its way."""
    warehouse = made.create("warehouse", {"name": "Main warehouse", "code": "MAIN"})
    there = {"AP-200": 24, "AP-350": 3, "SV-15": 340, "SV-25": 180, "FM-80": 12}
    lines = [Line(products[sku], Decimal(number)) for sku, number in there.items()]
    move_stock(made.principal, "receive", lines, warehouse, note="First delivery")
    rule = [{"id": None, "warehouse": warehouse, "point": Decimal(5), "quantity": Decimal(20)}]
    for sku in ("AP-350", "FM-80"):
        made.update("product", products[sku], {"reorder": rule})
    day = timezone.localdate() + timedelta(days=9)
    expect_delivery(made.principal, Line(products["FM-80"], Decimal(40)), warehouse, day)
