"""What is taken off a price, by rule or for a coupon."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from rapport.kit.ids import uuid7
from rapport.records import kinds as k
from rapport.records.models import Record


class Discount(Record):
    """What is taken off a price where its conditions are met; with a code, for a coupon."""

    name = k.text(
        _("Name"), required=True, search=True, icon="percent",
        synonyms=("discount", "promotion", "descuento"),
    )  # fmt: skip
    active = k.boolean(_("In use"), default=True, icon="check")
    percent = k.percent(_("Percent off"), low=0, high=100, icon="percent")
    amount = k.money(_("Amount off a unit"), low=0, base="amount_base", icon="money")
    currency = k.currency(_("Currency"))
    amount_base = k.base_amount(_("Amount off in our currency"))
    code = k.text(
        _("Coupon code"), index=True, unique=True, icon="ticket",
        help=_("With a code it holds only for those who name it."),
        synonyms=("code", "coupon", "cupón"),
    )  # fmt: skip
    valid_from = k.date(_("Valid from"), icon="cal")
    valid_to = k.date(_("Valid to"), icon="cal")
    company = k.relation(_("For company"), "contacts.Company", to="company", icon="org")
    tag = k.relation(_("For those tagged"), "contacts.Tag", to="tag", icon="tag")
    product = k.relation(_("For product"), "catalog.Product", to="product", icon="box")
    category = k.text(_("For category"), icon="folder")
    quantity = k.decimal(_("From quantity"), low=0, icon="numbers")
    usage_limit = k.integer(
        _("May be used"), low=1, icon="ticket", help=_("How many times a coupon may be redeemed.")
    )
    used = k.integer(_("Used"), default=0, editable=False, icon="check")
    external_id = k.text(
        _("External ID"), index=True, icon="hash", synonyms=("external id", "id", "coupon id")
    )
    # The database counts; the rows of who used it are what tells.
    used.derived = True

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["code"],
                condition=Q(deleted_at__isnull=True) & ~Q(code=""),
                name="discount_code_once",
                violation_error_code="code",
                violation_error_message=_("Another coupon has this code already."),
            ),
            models.CheckConstraint(
                condition=Q(usage_limit__isnull=True) | Q(used__lte=F("usage_limit")),
                name="coupon_not_used_up",
                violation_error_code="usage_limit",
                violation_error_message=_("The coupon was used more often than that already."),
            ),
        ]


class CouponUse(models.Model):
    """That a coupon was redeemed for a record, by whom and when."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    discount = models.ForeignKey("catalog.Discount", models.DB_CASCADE, related_name="uses")
    object = models.TextField()
    record_id = models.UUIDField()
    at = models.DateTimeField(auto_now_add=True)
    by = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["discount", "record_id"], name="coupon_once_a_record")
        ]
