"""What products cost a customer on a day, and why: one question for any number of lines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import DateField, DecimalField, F, Func, Q, TextField, Value
from django.utils.translation import gettext as _

from rapport.accounts.principals import Principal
from rapport.catalog.models import Discount, PriceLine, PriceList, Product
from rapport.catalog.queries.customers import Customer, customer_of
from rapport.catalog.queries.parts import Line
from rapport.catalog.queries.taxes import tax_rates
from rapport.records import access
from rapport.records.store import Rejected

CENT = Decimal("0.0001")
#: What somebody must see to be told a price: without one of these it would be another one.
NEEDED = ("price_list", "discount", "tax_class")
PRICED = ("price", "currency", "category", "parent", "tax_class")


@dataclass(frozen=True, slots=True)
class Step:
    """A list or rule that was tried, what came of it, and whether it decided."""

    label: str
    told: str
    decided: bool
    url: str = ""


@dataclass(slots=True)
class Priced:
    """What a unit costs, and the steps that led there; no price where none can be told."""

    product: UUID
    quantity: Decimal
    currency: str
    list_price: Decimal | None = None
    price: Decimal | None = None
    discount: Decimal = Decimal(0)
    tax_percent: Decimal | None = None
    steps: list[Step] = field(default_factory=list)

    @property
    def total(self) -> Decimal | None:
        """What the line comes to before tax."""
        return None if self.price is None else self.price * self.quantity


def price_of(
    principal: Principal,
    lines: Sequence[Line],
    *,
    customer: UUID | None = None,
    currency: str,
    day: date,
    codes: Sequence[str] = (),
) -> list[Priced]:
    """The price of each line, in their order. Raises Denied, Rejected for what is not there.

    The first price list that has the product decides, by priority, then those of the company
    before those of a tag before those of all; else the list price. The best rule is taken off,
    then each coupon.
    """
    _check(principal)
    whom = customer_of(principal, customer)
    products = _products(principal, lines, currency, day)
    lists = _lists(principal, whom, currency, day)
    offers = _offers(lists, products)
    rules = _rules(principal, whom, day, codes)
    taxes = tax_rates({one.tax_class_id for one in products.values()}, whom.country, day)
    found = []
    for line in lines:
        product = products[line.product]
        made = Priced(line.product, line.quantity, currency, product.listed)
        _by_lists(made, product, lists, offers)
        _by_rules(made, product, rules)
        made.tax_percent = taxes.get(product.tax_class_id)
        found.append(made)
    return found


def _check(principal: Principal) -> None:
    for name in NEEDED:
        access.check(principal, "view", name)
    if access.unread(principal, "product", *PRICED) or any(
        access.is_kept_from(principal, name) for name in NEEDED
    ):
        raise access.Denied(_("Your role does not let you see all that prices are made of."))


def _products(
    principal: Principal, lines: Sequence[Line], currency: str, day: date
) -> Mapping[UUID, Any]:
    listed = _exchanged("price", currency, day)
    seen = access.rows(principal, "product").annotate(listed=listed)
    found: Mapping[UUID, Product] = seen.in_bulk({line.product for line in lines})
    if any(line.product not in found for line in lines):
        raise Rejected({"product": _("There is no such product for you.")})
    return found


def _exchanged(path: str, currency: str, day: date) -> Func:
    """An amount of a row in the currency asked for."""
    return Func(
        F(path), F("currency"), Value(currency, output_field=TextField()),
        Value(day, output_field=DateField()), function="catalog_in",
        output_field=DecimalField(max_digits=18, decimal_places=4),
    )  # fmt: skip


def valid_on(day: date) -> Q:
    """Price lists and discounts that are in use and hold on a day."""
    begun = Q(valid_from__isnull=True) | Q(valid_from__lte=day)
    return Q(active=True) & begun & (Q(valid_to__isnull=True) | Q(valid_to__gte=day))


def _for(whom: Customer) -> Q:
    company = Q(company__isnull=True) | Q(company__in=whom.companies)
    return company & (Q(tag__isnull=True) | Q(tag__in=whom.tags))


def _lists(principal: Principal, whom: Customer, currency: str, day: date) -> list[PriceList]:
    """Those that hold for the customer, in the order in which they are tried."""
    seen = access.rows(principal, "price_list").filter(valid_on(day), _for(whom), currency=currency)
    narrow_first = (F("company").asc(nulls_last=True), F("tag").asc(nulls_last=True))
    return list(seen.order_by("-priority", *narrow_first, "-valid_from", "-pk"))


def _offers(
    lists: Sequence[PriceList], products: Mapping[UUID, Any]
) -> Mapping[tuple[UUID, UUID], list[PriceLine]]:
    """Lines by list and product, the greatest quantity first; a variant's or its product's."""
    named = {*products, *(one.parent_id for one in products.values() if one.parent_id)}
    rows = PriceLine.objects.filter(price_list__in=lists, product_id__in=named)
    found: dict[tuple[UUID, UUID], list[PriceLine]] = {}
    for row in rows.order_by("-quantity"):
        found.setdefault((row.price_list_id, row.product_id), []).append(row)
    return found


def _by_lists(
    made: Priced,
    product: Any,
    lists: Sequence[PriceList],
    offers: Mapping[tuple[UUID, UUID], list[PriceLine]],
) -> None:
    for one in lists:
        rows = offers.get((one.pk, product.pk)) or offers.get((one.pk, product.parent_id)) or []
        row = next((row for row in rows if row.quantity <= made.quantity), None)
        price = _offered(row, product.listed) if row and made.price is None else None
        told = _told(row, rows, is_late=made.price is not None)
        made.steps.append(Step(one.name, told, price is not None, f"/price-lists/{one.pk}/"))
        made.price = price if made.price is None else made.price
    if made.price is not None:
        return
    made.price = product.listed
    if product.listed is None:
        told = _("The product has no list price that can be told in this currency.")
        made.steps.append(Step(_("List price"), told, False, f"/products/{product.pk}/"))
        return
    made.steps.append(Step(_("List price"), "", True, f"/products/{product.pk}/"))


def _offered(row: PriceLine, listed: Decimal | None) -> Decimal | None:
    price = listed if row.price is None else row.price
    if price is None or row.percent is None:
        return price
    return (price * (100 - row.percent) / 100).quantize(CENT)


def _told(row: PriceLine | None, rows: Sequence[PriceLine], *, is_late: bool) -> str:
    if row is None:
        if not rows:
            return _("It does not have the product.")
        least = rows[-1].quantity.normalize()
        return _("It has a price from a quantity of %(n)s on.") % {"n": f"{least:f}"}
    if is_late:
        return _("A list before it decided.")
    if row.quantity > 1:
        return _("From a quantity of %(n)s on.") % {"n": f"{row.quantity.normalize():f}"}
    return ""


def _rules(
    principal: Principal, whom: Customer, day: date, codes: Sequence[str]
) -> Sequence[Discount]:
    """Rules that may hold, and the coupons named. Raises Rejected for a coupon that does not."""
    seen = access.rows(principal, "discount").filter(valid_on(day), _for(whom))
    rules = list(seen.filter(Q(code="") | Q(code__in=codes)).order_by("code", "name", "pk"))
    known = {one.code: one for one in rules}
    for code in codes:
        one = known.get(code)
        if one is None:
            raise Rejected({"coupon": _("The coupon “%(code)s” does not hold.") % {"code": code}})
        if one.usage_limit is not None and one.used >= one.usage_limit:
            raise Rejected({"coupon": _("The coupon “%(code)s” is used up.") % {"code": code}})
    return rules


def _by_rules(made: Priced, product: Any, rules: Sequence[Discount]) -> None:
    if made.price is None:
        return
    full = made.price
    prices = {one.pk: _less(one, made, product, full) for one in rules if not one.code}
    best = min((price for price in prices.values() if price is not None), default=None)
    for one in rules:
        if one.code:
            price = _less(one, made, product, made.price)
            decided = price is not None
        else:
            price = prices[one.pk]
            decided = price is not None and price == best and price < made.price
        told = _("It does not hold for this line.") if price is None else ""
        told = _("Another one takes off more.") if price is not None and not decided else told
        made.steps.append(Step(one.name, told, decided, f"/discounts/{one.pk}/"))
        made.price = price if decided and price is not None else made.price
    made.discount = full - made.price


def _less(rule: Discount, made: Priced, product: Any, price: Decimal) -> Decimal | None:
    """The price with the rule taken off; None where it does not hold."""
    if not all(_met(rule, made, product)):
        return None
    less = price * (100 - (rule.percent or 0)) / 100 - (rule.amount or 0)
    return max(less, Decimal(0)).quantize(CENT)


def _met(rule: Discount, made: Priced, product: Any) -> Iterator[bool]:
    yield rule.product_id in (None, product.pk, product.parent_id)
    yield not rule.category or rule.category.casefold() == product.category.casefold()
    yield rule.quantity is None or made.quantity >= rule.quantity
    yield not rule.amount or rule.currency == made.currency
