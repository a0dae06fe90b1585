"""Rows that belong to a product: its units, its options and what it is put together of."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from rapport.kit.ids import uuid7


class ProductUnit(models.Model):
    """A unit in which a product is sold besides its own, such as a box of twelve pieces."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    product = models.ForeignKey(
        "catalog.Product", models.DB_CASCADE, related_name="unit_rows", db_index=False
    )
    name = models.TextField()
    factor = models.DecimalField(max_digits=18, decimal_places=4)
    position = models.SmallIntegerField(default=0, db_default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["product", "name"], name="product_unit_once"),
            models.CheckConstraint(condition=Q(factor__gt=0), name="product_unit_factor"),
        ]


class ProductOption(models.Model):
    """What one may choose of a product, or what was chosen for a variant: colour, size."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    product = models.ForeignKey(
        "catalog.Product", models.DB_CASCADE, related_name="option_rows", db_index=False
    )
    name = models.TextField()
    values = models.TextField(verbose_name=_("Values"))
    position = models.SmallIntegerField(default=0, db_default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["product", "name"], name="product_option_once")
        ]


class ProductComponent(models.Model):
    """A product that is part of a bundle, and how much of it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    bundle = models.ForeignKey(
        "catalog.Product", models.DB_CASCADE, related_name="component_rows", db_index=False
    )
    product = models.ForeignKey("catalog.Product", models.DB_CASCADE, related_name="bundle_rows")
    quantity = models.DecimalField(max_digits=18, decimal_places=4)
    position = models.SmallIntegerField(default=0, db_default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["bundle", "product"], name="product_component_once"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="product_component_some"),
            models.CheckConstraint(condition=~Q(bundle=models.F("product")), name="no_own_part"),
        ]
