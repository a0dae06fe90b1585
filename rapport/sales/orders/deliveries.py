"""What was sent of an order, on its page."""

from __future__ import annotations

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString

from rapport.accounts.request import Request
from rapport.kit.formats import format_day, format_decimal
from rapport.records import access
from rapport.sales.models import Order, OrderDelivery, OrderLine


def order_deliveries(request: Request, order: Order) -> SafeString | str:
    """What left when, of which line and from where; nothing while nothing did."""
    principal = request.principal
    if order.confirmed_at is None or access.unread(principal, "order", "deliveries", "lines"):
        return ""
    sent = list(OrderDelivery.objects.filter(order=order).order_by("-day", "-pk"))
    if not sent:
        return ""
    locale = principal.locale or principal.language
    names = dict(OrderLine.objects.filter(order=order).values_list("position", "name"))
    places = access.titles(
        principal, {("warehouse", one.warehouse_id) for one in sent if one.warehouse_id}, locale
    )
    rows = [
        {
            "day": format_day(one.day, locale, timezone.localdate()),
            "name": names.get(one.line - 1, ""),
            "quantity": format_decimal(one.quantity, locale),
            "place": places.get(one.warehouse_id) if one.warehouse_id else None,
            "note": one.note,
        }
        for one in sent
    ]
    return render_to_string("sales/orders/_deliveries.html", {"rows": rows})
