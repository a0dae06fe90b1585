"""The declaration of orders, and what they add to quotes, deals and companies."""

from __future__ import annotations

from functools import partial

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from rapport.catalog.actions import add_way_back
from rapport.records import kinds as k
from rapport.records import registry
from rapport.records.declare import Action, Board, Gate, Object, Panel, Section, contribute, declare
from rapport.records.kinds.text import Text
from rapport.sales.actions import (
    bill_order,
    cancel_order,
    confirm_order,
    deliver_order,
    invoice_order,
    order_quote,
    order_quote_again,
    reopen_order,
    take_back_delivery,
)
from rapport.sales.asking import WHAT_TO_BILL, WHAT_TO_SEND
from rapport.sales.models import Order, OrderDelivery, OrderLine
from rapport.sales.models.order import OPEN
from rapport.sales.orders.cards import ask_cards, draw_cards
from rapport.sales.orders.deliveries import order_deliveries
from rapport.sales.orders.lanes import lanes
from rapport.sales.orders.panels import ask_lines, order_lines
from rapport.sales.parts.availability import Availability
from rapport.sales.parts.invoice_gate import BILLABLE
from rapport.sales.parts.order_deliveries import Deliveries
from rapport.sales.parts.order_gate import (
    AGREED,
    GONE,
    check_agreed,
    check_billed,
    check_steps,
    note_agreed,
    note_nothing,
    note_states,
)
from rapport.sales.parts.order_lines import OrderLines

registry.log(OrderLine, "order_line", "order_id")
registry.log(OrderDelivery, "order_delivery", "order_id")
add_way_back("order", take_back_delivery)


@declare
class OrderObject(Object):
    """What a customer ordered: lines with their prices, kept in stock until they are sent."""

    model = Order
    name, plural = "order", "orders"
    label, label_plural = pgettext_lazy("sale", "Order"), _("Orders")
    icon = "order"
    menu, order = _("Relationships"), 46
    subtitle = "number"
    columns = ("name", "number", "company", "net", "state", "day", "wanted_by", "owner")
    sort = "-day"
    header = ("state", "number", "gross", "wanted_by")
    quick = ("name", "company", "person", "deal", "currency", "wanted_by")
    sections = (
        Section(label, ("name", "number", "state", "quote", "deal", "company", "person")),
        Section(_("Terms"), ("currency", "day", "wanted_by", "reference", "payment_days")),
        Section(_("Delivery"), ("warehouse", "ship_to", "deliveries")),
        Section(_("Lines"), ("lines",)),
        Section(_("Sums"), ("discount", "net", "net_base", "tax", "gross", "to_invoice")),
        Section(_("Margin"), ("cost", "margin", "margin_percent")),
        Section(_("More"), ("owner", "tags", "notes", "confirmed_at", "cancel_reason",
        "over_limit_note", "over_limit_by", "external_id", "created_at", "updated_at")),
    )  # fmt: skip
    board = Board(
        by="state", total="net_base", lanes=lanes, card=("company", "number", "net", "wanted_by")
    )
    gates = (
        Gate(AGREED, note_agreed, check_agreed),
        Gate(frozenset({"state"}), note_states, check_steps),
        Gate(GONE, note_nothing, check_billed),
    )
    worth = "net"
    match = (("external_id",), ("number",))
    described = {"person": ("first_name", "last_name", "emails", "phones")}
    has_timeline = True
    timeline_through = ("deal",)
    extra = {
        "lines": OrderLines(_("Lines"), icon="list"),
        "deliveries": Deliveries(_("Deliveries"), icon="archive"),
        "availability": Availability(pgettext_lazy("stock", "Ready"), "order", icon="archive"),
        "tags": k.Links(
            _("Tags"), to="tag", role="tag", icon="tag", synonyms=("tags", "labels", "etiquetas")
        ),
    }
    panels = (
        Panel("lines", _("Lines"), order_lines, place="main", order=1, asks=ask_lines),
        Panel("deliveries", _("Deliveries"), order_deliveries, place="main", order=2),
    )
    actions = (
        Action("confirm", _("Confirm"), confirm_order, icon="check", takes_more=True,
        applies=lambda order: order.state == "draft"),
        Action(
            "deliver", _("Deliver"), deliver_order, icon="send", form=WHAT_TO_SEND,
            form_may_wait=True, applies=lambda order: order.state in OPEN,
        ),
        Action(
            "bill", _("Make an invoice"), bill_order, icon="receipt", form=WHAT_TO_BILL,
            form_may_wait=True, applies=lambda order: order.state in BILLABLE,
        ),
        Action("invoice", _("Mark as invoiced"), invoice_order, icon="money",
        applies=lambda order: order.state == "delivered"),
        Action(
            "cancel", _("Cancel the order"), cancel_order, icon="x",
            form={"cancel_reason": Text(_("Cancelled because"))}, form_may_wait=True,
            applies=lambda order: order.state in ("draft", "confirmed"),
        ),
        Action("reopen", _("Make it a draft again"), reopen_order, icon="undo",
        applies=lambda order: order.state in ("confirmed", "cancelled")),
    )  # fmt: skip
    privacy = k.Privacy(k.NONE)


def _cards(through: str, order: int) -> Panel:
    return Panel(
        "orders", _("Orders"), partial(draw_cards, "order", through), order=order,
        asks=partial(ask_cards, "order", through),
    )  # fmt: skip


contribute(
    "quote",
    fields={"availability": Availability(pgettext_lazy("stock", "Ready"), "quote", icon="archive")},
    panels=(_cards("quote", 10),),
    actions=(
        Action("order", _("Make an order"), order_quote, icon="order",
        applies=lambda quote: quote.state == "accepted"),
        Action("order_again", _("Order again"), order_quote_again, icon="copy", bulk=False,
        applies=lambda quote: quote.state == "accepted"),
    ),
)  # fmt: skip
contribute("deal", panels=(_cards("deal", 16),))
contribute("company", panels=(_cards("company", 26),))
