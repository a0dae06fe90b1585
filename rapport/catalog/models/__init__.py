"""What is sold, for how much, and how much of it is there."""

from rapport.catalog.models.discount import CouponUse, Discount
from rapport.catalog.models.price_list import PriceLine, PriceList
from rapport.catalog.models.product import Product
from rapport.catalog.models.product_rows import ProductComponent, ProductOption, ProductUnit
from rapport.catalog.models.stock import WORLD, Incoming, Reservation, Stock, StockMovement
from rapport.catalog.models.tax_class import TaxClass, TaxRate
from rapport.catalog.models.warehouse import Place, ReorderRule, Warehouse

__all__ = [
    "WORLD",
    "CouponUse",
    "Discount",
    "Incoming",
    "Place",
    "PriceLine",
    "PriceList",
    "Product",
    "ProductComponent",
    "ProductOption",
    "ProductUnit",
    "ReorderRule",
    "Reservation",
    "Stock",
    "StockMovement",
    "TaxClass",
    "TaxRate",
    "Warehouse",
]
