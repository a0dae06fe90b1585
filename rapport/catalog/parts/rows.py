"""Rows of a product and of a tax class, edited on the page of what they belong to."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from rapport.contacts.queries import country_field
from rapport.records.kinds.number import Decimals, Percent
from rapport.records.kinds.relation import Relation
from rapport.records.kinds.rows import Rows
from rapport.records.kinds.text import Text
from rapport.records.kinds.time import Date


class PlainRows(Rows):
    """Rows that are told apart by a word or a day, not by another record."""

    operators = ("empty", "filled")


class TaxRates(PlainRows):
    """The rates of a tax class, each from a day on; a country's own goes before that of all."""

    type = "tax_rates"
    is_set = False

    def __init__(self, label: Any, **options: Any) -> None:
        super().__init__(
            label,
            "catalog.TaxRate",
            key="tax_class_id",
            columns={
                "day": Date(_("From"), required=True),
                "percent": Percent(_("Rate"), low=0, high=100, required=True),
                "country": country_field(_("Country")),
            },
            order=("country", "day", "id"),
            **options,
        )


class Units(PlainRows):
    """Units in which a product is sold besides its own."""

    type = "product_units"

    def __init__(self, label: Any, **options: Any) -> None:
        super().__init__(
            label,
            "catalog.ProductUnit",
            key="product_id",
            columns={
                "name": Text(_("Name")),
                "factor": Decimals(_("Holds"), low="0.0001", required=True),
            },
            order=("position", "id"),
            **options,
        )


class Options(PlainRows):
    """What one may choose of a product, its values parted by commas; of a variant what it is."""

    type = "product_options"

    def __init__(self, label: Any, **options: Any) -> None:
        super().__init__(
            label,
            "catalog.ProductOption",
            key="product_id",
            columns={"name": Text(_("Option")), "values": Text(_("Values"), required=True)},
            order=("position", "id"),
            **options,
        )


class Components(Rows):
    """The products of a bundle, and how much of each."""

    type = "product_components"

    def __init__(self, label: Any, **options: Any) -> None:
        super().__init__(
            label,
            "catalog.ProductComponent",
            key="bundle_id",
            columns={
                "product": Relation(_("Product"), "catalog.Product", to="product"),
                "quantity": Decimals(_("Quantity"), low="0.0001", required=True),
            },
            order=("position", "id"),
            **options,
        )


class ReorderRules(Rows):
    """From which quantity down a warehouse orders a product again, and how much."""

    type = "reorder_rules"

    def __init__(self, label: Any, **options: Any) -> None:
        super().__init__(
            label,
            "catalog.ReorderRule",
            key="product_id",
            columns={
                "warehouse": Relation(_("Warehouse"), "catalog.Warehouse", to="warehouse"),
                "point": Decimals(_("At or under"), low=0, required=True),
                "quantity": Decimals(_("Order"), low="0.0001", required=True),
            },
            order=("position", "id"),
            **options,
        )
