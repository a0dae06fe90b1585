"""Orders made of quotes, and on their way."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rapport.accounts.principals import Principal
from rapport.records import access, registry
from rapport.records.store import ChangeInProgress, Missing, Rejected, change
from rapport.sales.models import Order, Quote, QuoteLine

TAKEN = ("name", "product", "quantity", "unit", "price", "discount", "tax", "sort", "note")
AGREED = ("name", "deal_id", "company_id", "person_id", "currency")


@dataclass(frozen=True, slots=True)
class Ordered:
    """The change set, and the page of the new order."""

    id: UUID
    url: str


def order_quote(
    principal: Principal, ids: Sequence[UUID], values: Mapping[str, Any], *, via: str = "web"
) -> Ordered:
    """Make an order of each accepted quote: the lines that were chosen, at the prices accepted.

    Raises Denied, Missing, Rejected for a quote that has an order already, or was not accepted.
    """
    return _order(principal, ids, via, again=False)


def order_quote_again(
    principal: Principal, ids: Sequence[UUID], values: Mapping[str, Any], *, via: str = "web"
) -> Ordered:
    """Make another order of a quote that has one. Raises Denied, Missing, Rejected."""
    return _order(principal, ids, via, again=True)


def _order(principal: Principal, ids: Sequence[UUID], via: str, *, again: bool) -> Ordered:
    access.check(principal, "create", "order")
    title = ngettext("Ordered a quote", "Ordered %(n)d quotes", len(ids)) % {"n": len(ids)}
    with change(principal, via=via, title=title) as made:
        found = access.rows(principal, "quote", "edit").filter(pk__in=list(ids))
        # Who asks twice at the same moment waits here and is told of the first order.
        quotes = list(found.order_by("pk").select_for_update(of=("self",)))
        if not quotes:
            raise Missing(_("This quote is gone, or not yours to change."))
        _check_quotes(quotes, again=again)
        lines = _chosen(quotes)
        keys = [_make(made, quote, lines.get(quote.pk, [])) for quote in quotes]
    return Ordered(made.id, registry.get("order").url(keys[0]))


def _check_quotes(quotes: Sequence[Quote], *, again: bool) -> None:
    if any(quote.state != "accepted" for quote in quotes):
        raise Rejected({"state": _("Only a quote that was accepted becomes an order.")})
    present = Order.objects.filter(quote__in=quotes, deleted_at=None).exclude(state="cancelled")
    one = None if again else present.first()
    if one is not None:
        sentence = _("This quote is ordered already: %(name)s. Choose “Order again” for another.")
        raise Rejected({"": sentence % {"name": one.number or one.name}})


def _chosen(quotes: Sequence[Quote]) -> dict[UUID, list[QuoteLine]]:
    """The lines that were accepted, and the headings with a line below them."""
    found: dict[UUID, list[QuoteLine]] = {}
    rows = QuoteLine.objects.filter(quote__in=quotes).order_by("quote_id", "position", "pk")
    for row in rows:
        is_open = row.is_optional or row.alternative
        if row.sort == "section" or row.is_chosen or not is_open:
            found.setdefault(row.quote_id, []).append(row)
    return {key: list(_filled(lines)) for key, lines in found.items()}


def _filled(lines: Sequence[QuoteLine]) -> Iterator[QuoteLine]:
    for place, line in enumerate(lines):
        following = lines[place + 1].sort if place + 1 < len(lines) else "section"
        if line.sort == "line" or following == "line":
            yield line


def _make(made: ChangeInProgress, quote: Quote, lines: Sequence[QuoteLine]) -> UUID:
    rows = [
        {"id": None} | {name: getattr(line, f"{name}_id" if name == "product" else name)
        for name in TAKEN} | {"tax": line.tax or (None if line.sort == "section" else Decimal(0))}
        for line in lines
    ]  # fmt: skip
    agreed = {name.removesuffix("_id"): getattr(quote, name) for name in AGREED}
    kept = {name: value for name, value in agreed.items() if value}
    return made.create("order", {**kept, "quote": quote.pk, "lines": rows})


def confirm_order(
    principal: Principal, ids: Sequence[UUID], values: Mapping[str, Any], *, via: str = "web"
) -> UUID:
    """Give orders their number and keep their goods. Returns the change set.

    Values: `over_limit_note`, why an order may go beyond the credit limit of its company. Raises
    Denied, Missing, Rejected for what is not free, or an order that isn't ready or goes beyond it.
    """
    title = ngettext("Confirmed an order", "Confirmed %(n)d orders", len(ids)) % {"n": len(ids)}
    told = {name: why for name, why in values.items() if name == "over_limit_note" and why}
    return _move(principal, ids, {"state": "confirmed", **told}, title, via)


def cancel_order(
    principal: Principal, ids: Sequence[UUID], values: Mapping[str, Any], *, via: str = "web"
) -> UUID:
    """Cancel orders and let go what is kept for them. Returns the change set.

    Values: `cancel_reason`. Raises Denied, Missing, Rejected once something was sent.
    """
    title = ngettext("Cancelled an order", "Cancelled %(n)d orders", len(ids)) % {"n": len(ids)}
    told = {"state": "cancelled", "cancel_reason": values.get("cancel_reason") or ""}
    return _move(principal, ids, told, title, via)


def reopen_order(
    principal: Principal, ids: Sequence[UUID], values: Mapping[str, Any], *, via: str = "web"
) -> UUID:
    """Make orders drafts again and let go what is kept for them. Returns the change set.

    Raises Denied, Missing, Rejected once something was sent.
    """
    title = ngettext("Reopened an order", "Reopened %(n)d orders", len(ids)) % {"n": len(ids)}
    return _move(principal, ids, {"state": "draft"}, title, via)


def invoice_order(
    principal: Principal, ids: Sequence[UUID], values: Mapping[str, Any], *, via: str = "web"
) -> UUID:
    """Note that delivered orders were invoiced. Returns the change set.

    Raises Denied, Missing, Rejected for an order that was not delivered.
    """
    title = ngettext("Invoiced an order", "Invoiced %(n)d orders", len(ids)) % {"n": len(ids)}
    return _move(principal, ids, {"state": "invoiced"}, title, via)


def _move(
    principal: Principal, ids: Sequence[UUID], values: Mapping[str, Any], title: str, via: str
) -> UUID:
    with change(principal, via=via, title=title) as made:
        if not made.update_many("order", ids, values):
            raise Missing(_("This order is gone, or not yours to change."))
    return made.id
