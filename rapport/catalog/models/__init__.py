"""What is sold, and for how much."""

from rapport.catalog.models.discount import CouponUse, Discount
from rapport.catalog.models.price_list import PriceLine, PriceList
from rapport.catalog.models.product import Product
from rapport.catalog.models.product_rows import ProductComponent, ProductOption, ProductUnit
from rapport.catalog.models.tax_class import TaxClass, TaxRate

__all__ = [
    "CouponUse",
    "Discount",
    "PriceLine",
    "PriceList",
    "Product",
    "ProductComponent",
    "ProductOption",
    "ProductUnit",
    "TaxClass",
    "TaxRate",
]
