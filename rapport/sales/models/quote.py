"""What a customer is offered, line by line."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from rapport.kit.ids import uuid7
from rapport.records import kinds as k
from rapport.records.models import Record
from rapport.sales.models.document import Summed

STATES = {
    "draft": _("Draft"),
    "sent": _("Sent"),
    "accepted": _("Accepted"),
    "declined": _("Declined"),
    "expired": _("Expired"),
    "replaced": _("Replaced"),
}
STATE_TONES = {"sent": "info", "accepted": "good", "declined": "bad", "expired": "warn"}
LANGUAGES = {"en": _("English"), "es": _("Spanish")}
#: What a new version may be made of.
REVISABLE = ("sent", "declined", "expired", "replaced")
DAYS_OPEN = 30


def open_until() -> date:
    """The last day on which a quote of today can be accepted."""
    return timezone.localdate() + timedelta(days=DAYS_OPEN)


class Quote(Summed, Record):
    """What a customer is offered: lines with their prices, open for acceptance until a day."""

    name = k.text(
        _("Name"), required=True, search=True, icon="file",
        synonyms=("quote name", "subject", "title", "nombre del presupuesto", "angebot"),
    )  # fmt: skip
    number = k.text(
        _("Number"), search=True, unique=True, editable=False, importable=True, icon="hash",
        help=_("Given when the quote is sent; the numbers of a year have no gaps."),
        synonyms=("quote number", "quote no", "número de presupuesto", "angebotsnummer"),
    )  # fmt: skip
    revision = k.integer(
        _("Version"), default=1, editable=False, icon="copy",
        help=_("Counts up with each revision of the quote."),
    )  # fmt: skip
    original = k.relation(
        _("First version"), "sales.Quote", to="quote", related_name="versions", editable=False,
        icon="copy",
    )  # fmt: skip
    deal = k.relation(
        _("Deal"), "sales.Deal", to="deal", related_name="quotes", icon="deal",
        synonyms=("opportunity", "opportunity name", "deal name", "oportunidad", "negocio"),
    )  # fmt: skip
    company = k.relation(
        _("Company"), "contacts.Company", to="company", related_name="quotes", icon="org",
        synonyms=("account", "account name", "customer", "company name", "empresa", "cliente"),
    )  # fmt: skip
    person = k.relation(
        _("Contact person"), "contacts.Person", to="person", related_name="quotes", icon="user",
        synonyms=("contact", "contact name", "bill to contact", "contacto"),
    )  # fmt: skip
    currency = k.currency(_("Currency"), synonyms=("currency code", "moneda", "währung"))
    day = k.date(
        _("Day"), default=timezone.localdate, index=True, icon="cal",
        synonyms=("quote date", "date", "fecha", "datum"),
    )  # fmt: skip
    valid_until = k.date(
        _("Valid until"), default=open_until, index=True, icon="clock",
        synonyms=("expiration date", "expiry date", "valid to", "válido hasta", "gültig bis"),
    )  # fmt: skip
    state = k.choice(
        _("State"), STATES, tones=STATE_TONES, default="draft", required=True, index=True,
        synonyms=("status", "quote status", "quote stage", "estado"),
    )  # fmt: skip
    sent_at = k.datetime(_("Sent on"), editable=False, index=True)
    decided_at = k.datetime(_("Decided on"), editable=False, index=True)
    decline_reason = k.text(_("Declined because"), synonyms=("motivo del rechazo",))
    language = k.choice(
        _("Language"), LANGUAGES, help=_("In which the customer reads it."),
        synonyms=("locale", "idioma", "sprache"),
    )  # fmt: skip
    terms = k.long_text(
        _("Terms"), help=_("The customer reads them below the sums."),
        synonyms=("terms and conditions", "payment terms", "condiciones"),
    )  # fmt: skip
    notes = k.long_text(
        _("Notes"), help=_("For colleagues; the customer never sees them."),
        synonyms=("description", "comments", "notas"),
    )  # fmt: skip
    not_chosen = k.money(
        _("Options not chosen"), editable=False, help=_("What they would add, before tax.")
    )
    external_id = k.text(
        _("External ID"), index=True, icon="hash",
        synonyms=("external id", "id", "quote id", "record id"),
    )  # fmt: skip

    # An undo doesn't take a number back: it was given out, and the next one must be the next.
    number.derived = revision.derived = original.derived = True
    # The database adds it up like the other sums.
    not_chosen.derived = True

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["number"],
                condition=~Q(number="") & Q(deleted_at=None),
                name="quote_number_once",
                violation_error_code="number",
                violation_error_message=_("Another quote has this number already."),
            )
        ]


class QuoteLine(models.Model):
    """A line of a quote: a product, something of no catalog, or the heading of those after it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    quote = models.ForeignKey("sales.Quote", models.DB_CASCADE, related_name="line_rows")
    position = models.SmallIntegerField(default=0, db_default=0)
    name = models.TextField(default="", db_default="")
    sort = models.TextField(default="line", db_default="line")
    product = models.ForeignKey(
        "catalog.Product", models.DB_SET_NULL, null=True, related_name="quote_rows"
    )
    quantity = models.DecimalField(max_digits=18, decimal_places=4, default=Decimal(1))
    unit = models.TextField(default="", db_default="")
    price = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    discount = models.DecimalField(max_digits=9, decimal_places=2, null=True)
    tax = models.DecimalField(max_digits=9, decimal_places=2, null=True)
    is_optional = models.BooleanField(default=False, db_default=False)
    alternative = models.TextField(default="", db_default="")
    is_chosen = models.BooleanField(default=False, db_default=False)
    note = models.TextField(default="", db_default="")
    cost: Any = models.DecimalField(max_digits=18, decimal_places=4, null=True)

    # The database takes it from the product. It stays out of the log, which tells of lines to those
    # who may not read what they cost.
    cost.derived = True


class NumberSeries(models.Model):
    """The last number given out of a kind of document in a year."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    document = models.TextField()
    year = models.SmallIntegerField()
    last = models.IntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["document", "year"], name="number_series_once")
        ]
