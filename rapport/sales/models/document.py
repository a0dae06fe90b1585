"""What quotes, orders and invoices share: sums that the database adds up from their lines."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from rapport.kit.ids import uuid7
from rapport.records import kinds as k


class Summed(models.Model):
    """What the lines of a document come to (`document.sql`)."""

    discount = k.money(_("Discount"), editable=False)
    net = k.money(_("Net"), editable=False, base="net_base", index=True, icon="money")
    net_base = k.base_amount(_("Net in our currency"))
    tax = k.money(_("Tax"), editable=False)
    gross = k.money(_("To pay"), editable=False)
    cost = k.money(
        _("Cost"), editable=False, help=_("Of the lines whose product says what it costs.")
    )
    margin = k.money(_("Margin"), editable=False, help=_("What is left of those lines' net."))
    margin_percent = k.percent(_("Margin in percent"), editable=False)
    taxes: Any = models.JSONField(default=list, db_default=[], editable=False)

    # The database adds them up from the lines, so that an undo does too; the log leaves them out.
    for sum_of_lines in (discount, net, tax, gross, cost, margin, margin_percent, taxes):
        sum_of_lines.derived = True
    del sum_of_lines
    # Who may not read what products cost is not told it by what is left of a document.
    for told_by_cost in (cost, margin, margin_percent):
        told_by_cost.kind.needs = frozenset({("product", "cost")})
    del told_by_cost

    class Meta:
        abstract = True


class Lined(models.Model):
    """A line of a document: a product, something of no catalog, or a heading."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    position = models.SmallIntegerField(default=0, db_default=0)
    name = models.TextField(default="", db_default="")
    sort = models.TextField(default="line", db_default="line")
    product = models.ForeignKey("catalog.Product", models.DB_SET_NULL, null=True, related_name="+")
    quantity = models.DecimalField(max_digits=18, decimal_places=4, default=Decimal(1))
    unit = models.TextField(default="", db_default="")
    price = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    discount = models.DecimalField(max_digits=9, decimal_places=2, null=True)
    tax = models.DecimalField(max_digits=9, decimal_places=2, null=True)
    note = models.TextField(default="", db_default="")
    cost: Any = models.DecimalField(max_digits=18, decimal_places=4, null=True)

    # The database takes it from the product. It stays out of the log, which tells of lines to those
    # who may not read what they cost.
    cost.derived = True

    class Meta:
        abstract = True
