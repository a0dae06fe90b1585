"""Prices that hold for some customers, from a quantity on, for a time."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from rapport.kit.ids import uuid7
from rapport.records import kinds as k
from rapport.records.models import Record


class PriceList(Record):
    """Prices in one currency that hold for everybody, for a company or for those with a tag."""

    name = k.text(
        _("Name"), required=True, search=True, icon="money",
        synonyms=("price list", "price book", "pricebook", "pricelist", "tarifa"),
    )  # fmt: skip
    active = k.boolean(_("In use"), default=True, icon="check")
    priority = k.integer(
        _("Priority"), default=0, low=-1000, high=1000, icon="sort",
        help=_("Lists with a higher number are tried first."),
    )  # fmt: skip
    currency = k.currency(_("Currency"), synonyms=("currency code", "moneda"))
    valid_from = k.date(_("Valid from"), icon="cal", synonyms=("start date", "válida desde"))
    valid_to = k.date(_("Valid to"), icon="cal", synonyms=("end date", "válida hasta"))
    company = k.relation(_("For company"), "contacts.Company", to="company", icon="org")
    tag = k.relation(
        _("For those tagged"), "contacts.Tag", to="tag", icon="tag", synonyms=("segment",)
    )
    external_id = k.text(
        _("External ID"), index=True, icon="hash", synonyms=("external id", "id", "pricebook id")
    )


class PriceLine(models.Model):
    """What a product costs by a price list from a quantity on."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    price_list = models.ForeignKey(
        "catalog.PriceList", models.DB_CASCADE, related_name="line_rows", db_index=False
    )
    product = models.ForeignKey("catalog.Product", models.DB_CASCADE, related_name="price_rows")
    quantity = models.DecimalField(max_digits=18, decimal_places=4, default=0)
    price = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    percent = models.DecimalField(max_digits=9, decimal_places=2, null=True)
    position = models.SmallIntegerField(default=0, db_default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["price_list", "product", "quantity"], name="price_line_once"
            ),
            models.CheckConstraint(
                condition=Q(price__isnull=False) | Q(percent__isnull=False), name="price_line_says"
            ),
        ]
