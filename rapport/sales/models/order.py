"""What a customer ordered, line by line."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from rapport.records import kinds as k
from rapport.records.models import Record
from rapport.sales.models.document import Lined, Summed

STATES = {
    "draft": _("Draft"),
    "confirmed": _("Confirmed"),
    "partly_delivered": _("Partly delivered"),
    "delivered": _("Delivered"),
    "invoiced": _("Invoiced"),
    "cancelled": pgettext_lazy("order", "Cancelled"),
}
STATE_TONES = {
    "confirmed": "info", "partly_delivered": "warn", "delivered": "good", "invoiced": "good",
    "cancelled": "bad",
}  # fmt: skip
STATES_ELSEWHERE = {
    "activated": "confirmed", "open": "confirmed", "sale": "confirmed", "processing": "confirmed",
    "in process": "confirmed", "pending": "draft", "shipped": "delivered", "fulfilled": "delivered",
    "completed": "delivered", "complete": "delivered", "closed": "invoiced", "done": "invoiced",
    "canceled": "cancelled", "cancel": "cancelled",
}  # fmt: skip
#: States in which goods are kept for an order and may be sent.
OPEN = ("confirmed", "partly_delivered")


class Order(Summed, Record):
    """What a customer ordered: lines with their prices, kept in stock until they are sent."""

    name = k.text(
        _("Name"), required=True, search=True, icon="order",
        synonyms=("order name", "subject", "title", "nombre del pedido", "auftrag"),
    )  # fmt: skip
    number = k.text(
        _("Number"), search=True, unique=True, editable=False, importable=True, icon="hash",
        help=_("Given when the order is confirmed; the numbers of a year have no gaps."),
        synonyms=("order number", "order no", "salesordernumber", "número de pedido"),
    )  # fmt: skip
    quote = k.relation(
        _("Quote"), "sales.Quote", to="quote", related_name="orders", icon="file",
        synonyms=("quote number", "quote name", "presupuesto", "angebot"),
    )  # fmt: skip
    deal = k.relation(
        _("Deal"), "sales.Deal", to="deal", related_name="orders", icon="deal",
        synonyms=("opportunity", "opportunity name", "deal name", "oportunidad", "negocio"),
    )  # fmt: skip
    company = k.relation(
        _("Company"), "contacts.Company", to="company", related_name="orders", icon="org",
        synonyms=(
            "account", "account name", "customer", "customer name", "company name", "empresa",
            "cliente",
        ),
    )  # fmt: skip
    person = k.relation(
        _("Contact person"), "contacts.Person", to="person", related_name="orders", icon="user",
        synonyms=("contact", "contact name", "contacto"),
    )  # fmt: skip
    currency = k.currency(_("Currency"), synonyms=("currency code", "moneda", "währung"))
    day = k.date(
        _("Day"), default=timezone.localdate, index=True, icon="cal",
        synonyms=("order date", "orderdate", "effective date", "date", "fecha", "datum"),
    )  # fmt: skip
    wanted_by = k.date(
        _("Wanted by"), index=True, icon="clock",
        synonyms=("due date", "duedate", "delivery date", "fecha de entrega", "liefertermin"),
    )  # fmt: skip
    reference = k.text(
        _("Their reference"), index=True, icon="hash",
        help=_("The customer's own number of this order."),
        synonyms=("purchase order number", "po number", "purchaseordernumber", "referencia"),
    )  # fmt: skip
    warehouse = k.relation(
        _("Warehouse"), "catalog.Warehouse", to="warehouse", related_name="orders",
        icon="archive", help=_("Without one, goods are kept wherever they are free."),
        synonyms=("almacén", "lager"),
    )  # fmt: skip
    payment_days = k.integer(
        _("Days to pay"), low=0, high=365, icon="clock",
        help=_("From the day of the invoice; those of the company where you say nothing."),
        synonyms=("payment terms", "plazo de pago"),
    )  # fmt: skip
    state = k.choice(
        _("State"), STATES, tones=STATE_TONES, default="draft", required=True, index=True,
        synonyms=("status", "order status", "estado"), elsewhere=STATES_ELSEWHERE,
    )  # fmt: skip
    confirmed_at = k.datetime(_("Confirmed on"), editable=False, index=True)
    over_limit_note = k.text(
        _("Beyond the credit limit because"), icon="warn",
        help=_("Why the order was confirmed though it goes beyond the credit limit."),
    )  # fmt: skip
    over_limit_by = k.user(_("Let pass by"), editable=False)
    cancel_reason = k.text(_("Cancelled because"), synonyms=("motivo de cancelación",))
    ship_to = k.long_text(
        _("Deliver to"), help=_("The address, where it is not that of the customer."),
        synonyms=("ship to", "shipping address", "delivery address", "dirección de entrega"),
    )  # fmt: skip
    notes = k.long_text(
        _("Notes"), help=_("For colleagues; the customer never sees them."),
        synonyms=("description", "comments", "notas"),
    )  # fmt: skip
    external_id = k.text(
        _("External ID"), index=True, icon="hash",
        synonyms=("external id", "id", "order id", "salesorderid", "record id"),
    )  # fmt: skip

    to_invoice = k.money(
        _("To invoice"), editable=False, index=True, icon="money",
        help=_("What was sent and is on no invoice yet, before tax."),
    )  # fmt: skip

    # An undo doesn't take a number back: it was given out, and the next one must be the next.
    number.derived = True
    to_invoice.derived = True

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["number"],
                condition=~Q(number=""),
                name="order_number_once",
                violation_error_code="number",
                violation_error_message=_("Another order has this number already."),
            )
        ]


class OrderLine(Lined):
    """A line of an order, with how much of it was sent and is on invoices."""

    order = models.ForeignKey("sales.Order", models.DB_CASCADE, related_name="line_rows")
    delivered: Any = models.DecimalField(
        max_digits=18, decimal_places=4, default=Decimal(0), db_default=0
    )

    invoiced: Any = models.DecimalField(
        max_digits=18, decimal_places=4, default=Decimal(0), db_default=0
    )

    # They follow deliveries and invoices.
    delivered.derived = True
    invoiced.derived = True
