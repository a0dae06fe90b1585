"""What is sold."""

from rapport.catalog.models.product import Product
from rapport.catalog.models.product_rows import ProductComponent, ProductOption, ProductUnit
from rapport.catalog.models.tax_class import TaxClass, TaxRate

__all__ = ["Product", "ProductComponent", "ProductOption", "ProductUnit", "TaxClass", "TaxRate"]
