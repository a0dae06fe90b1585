"""What a customer is to pay, line by line, and what was paid."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from rapport.accounts.principals import Principal
from rapport.kit.ids import uuid7
from rapport.records import kinds as k
from rapport.records.models import Record
from rapport.sales.models.document import Lined, Summed
from rapport.sales.models.quote import LANGUAGES

KINDS = {"invoice": _("Invoice"), "credit": _("Credit note")}
STATES = {
    "draft": pgettext_lazy("invoice", "Draft"),
    "issued": _("Issued"),
    "partly_paid": _("Partly paid"),
    "paid": _("Paid"),
    "cancelled": pgettext_lazy("invoice", "Cancelled"),
}
STATE_TONES = {
    "issued": "info", "partly_paid": "warn", "paid": "good", "cancelled": "bad",
}  # fmt: skip
#: States in which something is still to be paid.
OWED = ("issued", "partly_paid")
METHODS = {
    "transfer": _("Bank transfer"),
    "debit": _("Direct debit"),
    "card": _("Card"),
    "cash": _("Cash"),
    "cheque": _("Cheque"),
    "other": pgettext_lazy("payment", "Other"),
}
#: Numbers that our own series give; those of an older program come from files.
OURS = r"^[IC]-[0-9]{4}-[0-9]{4,}$"


class Invoice(Summed, Record):
    """What a customer is to pay: lines with their prices, numbered and fixed once it is issued."""

    name = k.text(
        _("Name"), required=True, search=True, icon="receipt",
        synonyms=("invoice name", "subject", "title", "nombre de la factura", "rechnung"),
    )  # fmt: skip
    kind = k.choice(
        pgettext_lazy("invoice", "Kind"), KINDS, default="invoice", editable=False,
        importable=True, index=True, synonyms=("invoice type", "type", "tipo"),
    )  # fmt: skip
    number = k.text(
        _("Number"), search=True, unique=True, editable=False, importable=True, icon="hash",
        help=_("Given when the invoice is issued; the numbers of a year have no gaps."),
        synonyms=("invoice number", "invoice no", "número de factura", "rechnungsnummer"),
    )  # fmt: skip
    order = k.relation(
        pgettext_lazy("sale", "Order"), "sales.Order", to="order", related_name="invoices",
        icon="order", synonyms=("order number", "sales order", "pedido", "auftrag"),
    )  # fmt: skip
    credits = k.relation(
        _("Credit note for"), "sales.Invoice", to="invoice", related_name="credit_notes",
        editable=False, importable=True, icon="receipt", synonyms=("original invoice",),
    )  # fmt: skip
    company = k.relation(
        _("Company"), "contacts.Company", to="company", related_name="invoices", icon="org",
        synonyms=("account", "account name", "customer", "company name", "empresa", "cliente"),
    )  # fmt: skip
    person = k.relation(
        _("Contact person"), "contacts.Person", to="person", related_name="invoices", icon="user",
        synonyms=("contact", "contact name", "contacto"),
    )  # fmt: skip
    currency = k.currency(_("Currency"), synonyms=("currency code", "moneda", "währung"))
    day = k.date(
        _("Invoice date"), default=timezone.localdate, index=True, icon="cal",
        help=_("The day on which it is issued."),
        synonyms=("date", "issue date", "invoice date", "fecha", "rechnungsdatum"),
    )  # fmt: skip
    payment_days = k.integer(
        _("Days to pay"), low=0, high=365, icon="clock",
        help=_("From the invoice date; those of the order or the company where you say nothing."),
        synonyms=("payment terms", "plazo de pago", "zahlungsziel"),
    )  # fmt: skip
    due = k.date(
        _("Due"), editable=False, importable=True, index=True, icon="clock",
        synonyms=("due date", "duedate", "vencimiento", "fällig"),
    )  # fmt: skip
    reference = k.text(
        _("Their reference"), index=True, icon="hash",
        help=_("The customer's own number of what was ordered."),
        synonyms=("purchase order number", "po number", "referencia"),
    )  # fmt: skip
    language = k.choice(
        _("Language"), LANGUAGES, help=_("In which the customer reads it."),
        synonyms=("locale", "idioma", "sprache"),
    )  # fmt: skip
    state = k.choice(
        _("State"), STATES, tones=STATE_TONES, default="draft", required=True, index=True,
        help=_("It follows what is issued, paid and credited."),
        synonyms=("status", "invoice status", "estado"),
    )  # fmt: skip
    issued_at = k.datetime(_("Issued on"), editable=False, index=True)
    cancelled_at = k.datetime(pgettext_lazy("invoice", "Cancelled on"), editable=False)
    cancel_reason = k.text(
        pgettext_lazy("invoice", "Cancelled because"), editable=False, importable=True,
        synonyms=("motivo de anulación",),
    )  # fmt: skip
    bill_to = k.long_text(
        _("Invoice address"),
        help=_("The address of the customer as it stands on the day of issue, if you leave it."),
        synonyms=("billing address", "bill to", "dirección de facturación"),
    )  # fmt: skip
    terms = k.long_text(
        _("Terms"), help=_("The customer reads them below the sums."),
        synonyms=("terms and conditions", "condiciones"),
    )  # fmt: skip
    notes = k.long_text(
        _("Notes"), help=_("For colleagues; the customer never sees them."),
        synonyms=("description", "comments", "notas"),
    )  # fmt: skip
    paid = k.money(_("Paid so far"), editable=False)
    credited = k.money(
        _("Credited"), editable=False, help=_("By credit notes that were issued."),
    )  # fmt: skip
    open_amount = k.money(
        pgettext_lazy("amount", "Open"), editable=False, base="open_base", index=True, icon="money",
        help=_("Below zero where more was paid than is due."),
    )  # fmt: skip
    open_base = k.base_amount(_("Open in our currency"))
    disputed = k.money(
        _("Disputed"), editable=False, icon="flag", help=_("Of disputes that are not over."),
    )  # fmt: skip
    external_id = k.text(
        _("External ID"), index=True, icon="hash",
        synonyms=("external id", "id", "invoice id", "record id"),
    )  # fmt: skip

    # An undo doesn't take a number back: it was given out, and the next one must be the next.
    for kept_by_database in (number, paid, credited, open_amount, disputed):
        kept_by_database.derived = True
    del kept_by_database

    derives_from: ClassVar[tuple[str, ...]] = ("state",)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["number"],
                condition=~Q(number=""),
                name="invoice_number_once",
                violation_error_code="number",
                violation_error_message=_("Another invoice has this number already."),
            ),
            models.CheckConstraint(
                condition=Q(deleted_at=None) | ~Q(number__regex=OURS),
                name="invoice_issued_stays",
                violation_error_code="state",
                violation_error_message=_(
                    "An invoice that was issued stays as it is. Cancel it with a credit note."
                ),
            ),
            models.CheckConstraint(
                condition=Q(credited=None)
                | ~Q(number__regex=OURS, kind="invoice")
                | Q(credited__lte=F("gross")),
                name="invoice_credited_within",
                violation_error_code="lines",
                violation_error_message=_(
                    "With this more would be credited than is left of the invoice. Take lines "
                    "out, or lower them."
                ),
            ),
        ]

    @staticmethod
    def check_write(
        principal: Principal, values: Mapping[str, Any], before: Mapping[str, Any]
    ) -> None:
        """Raises Rejected for a state that nobody gives: payments and credit notes do."""
        from rapport.records.store import Rejected

        was, state = before.get("state", "draft"), values.get("state")
        if state and state != was and (was, state) != ("draft", "issued"):
            sentence = gettext(
                "The state follows: issue a draft, register what is paid, cancel with a credit "
                "note."
            )
            raise Rejected({"state": sentence})


class InvoiceLine(Lined):
    """A line of an invoice, of a line of its order by the place that has there."""

    invoice = models.ForeignKey("sales.Invoice", models.DB_CASCADE, related_name="line_rows")
    # Its place in the order, counted from one: lines have no other name for people.
    order_line = models.SmallIntegerField(null=True)


class InvoicePayment(models.Model):
    """What a customer paid of an invoice, or got back where it is below zero."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    invoice = models.ForeignKey("sales.Invoice", models.DB_CASCADE, related_name="payment_rows")
    amount = models.DecimalField(max_digits=18, decimal_places=2)
    day = models.DateField(default=timezone.localdate)
    method = models.TextField(default="", db_default="")
    reference = models.TextField(default="", db_default="")
    note = models.TextField(default="", db_default="")
