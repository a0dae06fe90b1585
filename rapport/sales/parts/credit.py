"""How much a company may owe, and who may let it owe more."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db.models import DecimalField, F, Func
from django.utils.translation import gettext as _

from rapport.accounts.principals import Principal
from rapport.accounts.queries import workspace
from rapport.kit.formats import format_money
from rapport.records import access, registry
from rapport.records.store import Rejected
from rapport.sales.models import CompanyTerms, Order
from rapport.sales.queries import led_by, sales_tree

NOTE = "over_limit_note"


def money_of(function: str, path: str) -> Func:
    """What a function of the database says of the record at `path`, an amount in our currency."""
    amount = DecimalField(max_digits=18, decimal_places=2)
    return Func(F(path), function=function, output_field=amount)


def check_credit(principal: Principal, ids: Sequence[UUID]) -> None:
    """Note who lets orders pass that bring a company beyond its limit.

    Raises Rejected for who may not, or does not say why.
    """
    limited = CompanyTerms.objects.filter(credit_limit__isnull=False, company__orders__in=ids)
    # Two orders of one company that are confirmed at once take turns.
    locked = CompanyTerms.objects.filter(pk__in=limited.values("pk")).order_by("pk")
    limits = {one.pk: one.credit_limit for one in locked.select_for_update()}
    if not limits:
        return
    rows = Order.objects.filter(pk__in=ids, company__in=list(limits)).select_related("company")
    owing = rows.annotate(
        owed=money_of("sales_exposure", "company_id"), mine=money_of("sales_unbilled", "pk")
    )
    beyond = [one for one in owing.order_by("pk") if one.owed > limits[one.company_id]]
    for order in beyond:
        _check_may_pass(principal, order, limits[order.company_id])
    passed = Order.objects.filter(pk__in=[order.pk for order in beyond])
    passed.update(over_limit_by=principal.user_id)


def _check_may_pass(principal: Principal, order: Any, limit: Any) -> None:
    sentence = _told(principal, order, limit)
    if not may_exceed(principal):
        ask = _("A manager can confirm it and say why.")
        raise Rejected({"": f"{sentence} {ask}"})
    if not order.over_limit_note.strip():
        raise Rejected({NOTE: f"{sentence} {_('Say why it may be confirmed all the same.')}"})


def may_exceed(principal: Principal) -> bool:
    """Whether somebody may let an order pass: an administrator, or who leads others."""
    if principal.kind == "service" or principal.administers:
        return True
    return principal.is_staff and bool(led_by(principal, sales_tree()))


def _told(principal: Principal, order: Any, limit: Any) -> str:
    """As much of it as somebody may know who does not see all invoices."""
    is_open = access.reaches_all_open(principal, registry.get("invoice"))
    if not is_open or access.unread(principal, "company", "credit_limit"):
        return _("This order brings the company beyond its credit limit.")
    currency, locale = workspace().currency, principal.locale or principal.language
    sentence = _(
        "%(company)s may owe %(limit)s. Open invoices and orders come to %(rest)s, and this order "
        "adds %(mine)s."
    )
    return sentence % {
        "company": order.company.name, "limit": format_money(limit, currency, locale),
        "rest": format_money(order.owed - order.mine, currency, locale),
        "mine": format_money(order.mine, currency, locale),
    }  # fmt: skip
