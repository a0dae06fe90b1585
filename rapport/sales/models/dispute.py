"""What a customer holds against an invoice."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from rapport.records import kinds as k
from rapport.records.models import Record

STATES = {
    "open": pgettext_lazy("dispute", "Open"),
    "with_us": _("With us"),
    "with_customer": _("With the customer"),
    "settled": _("Settled"),
    "rejected": pgettext_lazy("dispute", "Rejected"),
}
STATE_TONES = {
    "open": "bad", "with_us": "warn", "with_customer": "info", "settled": "good",
}  # fmt: skip
#: States in which it is not over.
UNDER_WAY = ("open", "with_us", "with_customer")
REASONS = {
    "price": _("Wrong price"),
    "quantity": _("Wrong quantity"),
    "quality": _("Damaged or faulty"),
    "delivery": _("Not delivered, or late"),
    "unordered": _("Not ordered"),
    "double": _("Billed twice"),
    "other": pgettext_lazy("dispute", "Other"),
}


class Dispute(Record):
    """What a customer holds against an invoice: why, how much, and whose turn it is."""

    name = k.text(
        _("What it is about"), required=True, search=True, icon="flag",
        synonyms=("subject", "title", "asunto", "betreff"),
    )  # fmt: skip
    invoice = k.relation(
        _("Invoice"), "sales.Invoice", to="invoice", related_name="disputes", required=True,
        index=True, icon="receipt", synonyms=("invoice number", "factura", "rechnung"),
    )  # fmt: skip
    company = k.relation(
        _("Company"), "contacts.Company", to="company", related_name="disputes", icon="org",
        editable=False,
    )  # fmt: skip
    reason = k.choice(_("Reason"), REASONS, required=True, index=True, synonyms=("motivo", "grund"))
    amount = k.money(
        _("Disputed amount"), low=0, required=True, icon="money",
        help=_("What the customer does not want to pay, tax included."),
        synonyms=("amount", "importe", "betrag"),
    )  # fmt: skip
    currency = k.currency(_("Currency"), editable=False)
    state = k.choice(
        _("State"), STATES, tones=STATE_TONES, default="open", required=True, index=True,
        synonyms=("status", "estado"),
    )  # fmt: skip
    day = k.date(_("Raised on"), default=timezone.localdate, index=True, icon="cal")
    due = k.date(
        _("Answer by"), index=True, icon="clock", synonyms=("due date", "fecha límite"),
    )  # fmt: skip
    resolution = k.long_text(
        _("Resolution"), help=_("What was agreed in the end."), synonyms=("resolución",)
    )
    ended_at = k.datetime(_("Ended on"), editable=False, index=True)
    description = k.long_text(
        _("Description"), synonyms=("notes", "comments", "descripción", "notas")
    )
    external_id = k.text(
        _("External ID"), index=True, icon="hash", synonyms=("external id", "id", "record id")
    )
