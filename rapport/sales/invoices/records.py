"""The declarations of invoices and disputes, and what they add to orders and companies."""

from __future__ import annotations

from functools import partial

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from rapport.records import kinds as k
from rapport.records import registry
from rapport.records.declare import (
    Action,
    Board,
    Gate,
    Object,
    Panel,
    Section,
    contribute,
    declare,
    side_fields,
)
from rapport.records.kinds.text import LongText, Text
from rapport.sales.actions import (
    credit_invoice,
    credit_part,
    issue_invoice,
    pay_invoice,
    reject_dispute,
    settle_dispute,
)
from rapport.sales.asking import WHAT_WAS_PAID
from rapport.sales.invoices.credit import ask_credit, company_credit
from rapport.sales.invoices.document import keep_documents
from rapport.sales.invoices.lanes import dispute_lanes, invoice_lanes
from rapport.sales.invoices.panels import (
    ask_lines,
    ask_payments,
    invoice_lines,
    invoice_payments,
)
from rapport.sales.models import CompanyTerms, Dispute, Invoice, InvoiceLine, InvoicePayment
from rapport.sales.models.dispute import UNDER_WAY
from rapport.sales.orders.cards import ask_cards, draw_cards
from rapport.sales.parts.dispute_gate import check_dispute
from rapport.sales.parts.invoice_gate import (
    OF_ORDER,
    WHOSE,
    check_issued,
    check_order,
    check_whose,
    note_drafts,
    note_nothing,
    note_whose,
)
from rapport.sales.parts.invoice_lines import InvoiceLines
from rapport.sales.parts.owed import Owed
from rapport.sales.parts.payments import Payments

registry.log(InvoiceLine, "invoice_line", "invoice_id")
registry.log(InvoicePayment, "invoice_payment", "invoice_id")
registry.log(CompanyTerms, "company_terms", "company_id")


def _cards(name: str, through: str, label: k.base.Words, order: int) -> Panel:
    return Panel(
        f"{name}s", label, partial(draw_cards, name, through), order=order,
        asks=partial(ask_cards, name, through),
    )  # fmt: skip


@declare
class InvoiceObject(Object):
    """What a customer is to pay: lines with their prices, numbered and fixed once it is issued."""

    model = Invoice
    name, plural = "invoice", "invoices"
    label, label_plural = _("Invoice"), _("Invoices")
    icon = "receipt"
    menu, order = _("Relationships"), 47
    subtitle = "number"
    columns = ("name", "number", "company", "gross", "open_amount", "state", "day", "due", "owner")
    sort = "-day"
    header = ("state", "number", "gross", "open_amount", "due")
    quick = ("name", "company", "person", "order", "currency", "payment_days")
    sections = (
        Section(label, (
            "name", "number", "kind", "state", "order", "credits", "company", "person",
        )),
        Section(_("Terms"), (
            "currency", "day", "payment_days", "due", "reference", "language", "bill_to", "terms",
        )),
        Section(_("Lines"), ("lines",)),
        Section(_("Sums"), ("discount", "net", "net_base", "tax", "gross")),
        Section(_("Payments"), (
            "payments", "paid", "credited", "open_amount", "open_base", "disputed",
        )),
        Section(_("Margin"), ("cost", "margin", "margin_percent")),
        Section(_("More"), ("owner", "tags", "notes", "issued_at", "cancelled_at", "cancel_reason",
        "external_id", "created_at", "updated_at")),
    )  # fmt: skip
    board = Board(
        by="state", total="net_base", lanes=invoice_lanes,
        card=("company", "number", "gross", "due"),
    )  # fmt: skip
    gates = (
        Gate(WHOSE, note_whose, check_whose),
        Gate(OF_ORDER, note_nothing, check_order),
        Gate(frozenset({"state"}), note_drafts, check_issued),
        Gate(frozenset({"state"}), note_drafts, keep_documents),
    )
    worth = "open_amount"
    match = (("external_id",), ("number",))
    has_timeline = True
    extra = {
        "lines": InvoiceLines(_("Lines"), icon="list"),
        "payments": Payments(_("Payments"), icon="money"),
        "tags": k.Links(
            _("Tags"), to="tag", role="tag", icon="tag", synonyms=("tags", "labels", "etiquetas")
        ),
    }
    panels = (
        Panel("lines", _("Lines"), invoice_lines, place="main", order=1, asks=ask_lines),
        Panel(
            "payments", _("Payments"), invoice_payments, place="main", order=2, asks=ask_payments
        ),
        _cards("dispute", "invoice", _("Disputes"), 10),
        Panel(
            "credit_notes", _("Credit notes"),
            partial(draw_cards, "invoice", "credits", adds=False), order=12,
            asks=partial(ask_cards, "invoice", "credits"),
        ),
    )  # fmt: skip
    actions = (
        Action("issue", _("Issue"), issue_invoice, icon="check",
        applies=lambda invoice: invoice.state == "draft"),
        Action(
            "pay", _("Register a payment"), pay_invoice, icon="money", form=WHAT_WAS_PAID,
            form_may_wait=True,
            applies=lambda invoice: invoice.state != "draft" and invoice.kind == "invoice",
        ),
        Action(
            "credit_part", _("Credit a part"), credit_part, icon="undo",
            form={"cancel_reason": Text(_("Reason"), required=True)},
            applies=lambda invoice: invoice.kind == "invoice"
            and invoice.state not in ("draft", "cancelled"),
        ),
        Action(
            "credit", _("Cancel with a credit note"), credit_invoice, icon="undo",
            form={
                "cancel_reason": Text(
                    pgettext_lazy("invoice", "Cancelled because"), required=True
                )
            },
            applies=lambda invoice: invoice.kind == "invoice"
            and invoice.state not in ("draft", "cancelled"),
        ),
    )  # fmt: skip
    privacy = k.Privacy(k.NONE)


@declare
class DisputeObject(Object):
    """What a customer holds against an invoice: why, how much, and whose turn it is."""

    model = Dispute
    name, plural = "dispute", "disputes"
    label, label_plural = _("Dispute"), _("Disputes")
    icon = "flag"
    menu, order = _("Relationships"), 48
    subtitle = "reason"
    columns = ("name", "invoice", "company", "amount", "reason", "state", "due", "owner")
    sort = "due"
    header = ("state", "amount", "due")
    quick = ("name", "invoice", "reason", "amount", "due")
    sections = (
        Section(label, ("name", "invoice", "company", "reason", "amount", "currency")),
        Section(_("Progress"), ("state", "day", "due", "owner", "resolution", "ended_at")),
        Section(_("More"), ("description", "tags", "external_id", "created_at", "updated_at")),
    )  # fmt: skip
    board = Board(by="state", lanes=dispute_lanes, card=("company", "invoice", "amount", "due"))
    gates = (Gate(frozenset({"invoice", "amount"}), note_nothing, check_dispute),)
    worth = "amount"
    match = (("external_id",),)
    has_timeline = True
    timeline_through = ("invoice",)
    extra = {
        "tags": k.Links(
            _("Tags"), to="tag", role="tag", icon="tag", synonyms=("tags", "labels", "etiquetas")
        ),
    }
    actions = (
        Action(
            "settle", _("Settle"), settle_dispute, icon="check",
            form={"resolution": LongText(_("Resolution"), required=True)},
            applies=lambda dispute: dispute.state in UNDER_WAY,
        ),
        Action(
            "reject", pgettext_lazy("dispute", "Reject"), reject_dispute, icon="x",
            form={"resolution": LongText(_("Resolution"), required=True)},
            applies=lambda dispute: dispute.state in UNDER_WAY,
        ),
    )  # fmt: skip
    privacy = k.Privacy(k.NONE)


contribute("order", panels=(_cards("invoice", "order", _("Invoices"), 10),))
contribute(
    "company",
    fields=side_fields(CompanyTerms, "terms") | {
        "open_amount": Owed(_("Open invoices"), "open", icon="money"),
        "overdue_amount": Owed(_("Overdue"), "overdue", icon="clock"),
        "disputed_amount": Owed(_("Disputed"), "disputed", icon="flag"),
    },
    panels=(
        Panel("credit", _("Credit"), company_credit, order=12, asks=ask_credit),
        _cards("invoice", "company", _("Invoices"), 27),
    ),
)  # fmt: skip
