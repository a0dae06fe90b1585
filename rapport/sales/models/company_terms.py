"""What was agreed with a company about paying."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rapport.records import kinds as k
from rapport.records.kinds.number import Money


class HouseMoney(Money):
    """An amount in the workspace's currency, and in no other."""

    @property
    def paths(self) -> tuple[str, ...]:
        return (self.path,)

    def load(self, columns: Sequence[Any]) -> Any:
        return columns[0]

    def parse(self, raw: Any, context: k.Context) -> Any:
        value = super().parse(raw, context)
        if not isinstance(value, tuple):
            return value
        amount, currency = value
        if currency and currency != context.currency:
            sentence = _("%(field)s is kept in %(currency)s.")
            raise k.Invalid(sentence % {"field": self.label, "currency": context.currency})
        return amount


house_money = k.column(HouseMoney)


class CompanyTerms(models.Model):
    """How much a company may owe, and within how many days it pays."""

    company = models.OneToOneField(
        "contacts.Company", models.DO_NOTHING, primary_key=True, related_name="terms"
    )
    credit_limit = house_money(
        gettext_lazy("Credit limit"), low=0, personal=k.NONE, icon="shield",
        help=gettext_lazy("How much it may owe in open invoices and orders; no limit if empty."),
        synonyms=("credit line", "límite de crédito", "kreditlimit"),
    )  # fmt: skip
    payment_days = k.integer(
        gettext_lazy("Days to pay"), low=0, high=365, personal=k.NONE, icon="clock",
        help=gettext_lazy("From the invoice date; as the firm wants it where you say nothing."),
        synonyms=("payment terms", "plazo de pago", "zahlungsziel"),
    )  # fmt: skip
