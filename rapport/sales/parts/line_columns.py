"""Lines as files have them that give each line a row of its own."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from rapport.records.kinds import Kind
from rapport.records.kinds.filed_rows import Row
from rapport.records.kinds.number import Decimals, Percent
from rapport.records.kinds.relation import Relation
from rapport.records.kinds.text import Text

CENT = Decimal("0.01")
PRICE = Decimal("0.0001")
WORDS = {
    "name": ("line description", "item description", "line text", "descripción de línea"),
    "product": (
        "item", "item name", "product name", "product id", "productid", "sku", "item code",
        "article", "artículo", "producto", "artikel",
    ),
    "quantity": ("qty", "order qty", "orderqty", "units", "cantidad", "menge"),
    "unit": ("unit of measure", "uom", "unidad", "einheit"),
    "price": ("unit price", "unitprice", "price each", "precio unitario", "einzelpreis"),
    "discount": ("line discount", "discount percent", "descuento de línea", "rabatt"),
    "tax": ("tax rate", "tax percent", "vat rate", "tipo de iva", "steuersatz"),
    "note": ("line note", "line details"),
}  # fmt: skip


def filed_parts() -> dict[str, Kind]:
    """What columns may say of a line: what it has itself, and what that is worked out from."""
    found: dict[str, Kind] = {
        "name": Text(_("Text"), synonyms=WORDS["name"]),
        "product": Relation(
            _("Product"), "catalog.Product", to="product", synonyms=WORDS["product"]
        ),
        "quantity": Decimals(_("Quantity"), low=0, synonyms=WORDS["quantity"]),
        "unit": Text(_("Unit"), synonyms=WORDS["unit"]),
        "price": Decimals(_("Price"), synonyms=WORDS["price"]),
        "discount": Percent(_("Discount %"), low=0, high=100, synonyms=WORDS["discount"]),
        "tax": Percent(_("Tax %"), low=0, high=100, synonyms=WORDS["tax"]),
        "note": Text(_("Details"), synonyms=WORDS["note"]),
        "amount": Decimals(
            _("Amount of the line"),
            synonyms=("line total", "line item total", "lineitemtotal", "total de línea"),
        ),
        "tax_amount": Decimals(
            _("Tax of the line"), synonyms=("tax amount", "line tax", "importe de impuestos")
        ),
    }  # fmt: skip
    for name, part in found.items():
        part.bind(name, None)  # type: ignore[arg-type] # rows have no object of their own
    return found


def line_of(values: Mapping[str, Any]) -> Row:
    """A line's columns: the price from the amount, and the rate of the tax from what it comes to,
    where the file has only these."""
    row = dict(values)
    amount, tax = row.pop("amount", None), row.pop("tax_amount", None)
    quantity = row.get("quantity", Decimal(1))
    share = 1 - (row.get("discount") or Decimal(0)) / 100
    if amount is not None and row.get("price") is None and quantity and share:
        row["price"] = (amount / quantity / share).quantize(PRICE)
    net = quantity * (row.get("price") or Decimal(0)) * share
    if tax is not None and row.get("tax") is None and net:
        row["tax"] = min(max(tax / net * 100, Decimal(0)), Decimal(100)).quantize(CENT)
    return row
