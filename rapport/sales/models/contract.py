"""What a customer pays again and again, and until when that is agreed."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from rapport.kit.ids import uuid7
from rapport.records import kinds as k
from rapport.records.models import Record
from rapport.sales.models.document import Lined

KINDS = {
    "subscription": _("Subscription"),
    "maintenance": _("Maintenance"),
    "service": _("Service contract"),
    "licence": _("Licence"),
    "rental": _("Rental"),
    "other": pgettext_lazy("contract", "Other"),
}
STATES = {
    "draft": pgettext_lazy("contract", "Draft"),
    "active": pgettext_lazy("contract", "Active"),
    "notice": _("Notice given"),
    "ended": pgettext_lazy("contract", "Ended"),
}
STATE_TONES = {"active": "good", "notice": "warn", "ended": "bad"}
STATES_ELSEWHERE = {
    "activated": "active", "live": "active", "in approval process": "draft", "pending": "draft",
    "in notice": "notice", "cancelled": "notice", "canceled": "notice", "expired": "ended",
    "terminated": "ended", "churned": "ended", "closed": "ended",
}  # fmt: skip
EVERY = {
    "month": pgettext_lazy("every", "Month"),
    "quarter": pgettext_lazy("every", "Quarter"),
    "half": pgettext_lazy("every", "Half-year"),
    "year": pgettext_lazy("every", "Year"),
}
EVERY_ELSEWHERE = {
    "monthly": "month", "quarterly": "quarter", "semiannual": "half", "semi-annual": "half",
    "annual": "year", "annually": "year", "yearly": "year",
}  # fmt: skip
UNITS = {"month": pgettext_lazy("notice", "Months"), "day": pgettext_lazy("notice", "Days")}
REASONS = {
    "price": _("Price"),
    "competitor": _("Went to a competitor"),
    "no_budget": _("No budget"),
    "no_need": _("No need"),
    "features": _("Something was missing"),
    "service": _("Not content with our service"),
    "closed": _("The company closed"),
    "ours": _("We ended it"),
    "other": pgettext_lazy("contract", "Other"),
}


class Contract(Record):
    """What a customer pays again and again: the term, the renewal and the day to give notice."""

    name = k.text(
        _("Name"), required=True, search=True, icon="refresh",
        synonyms=("contract name", "subscription", "title", "nombre del contrato", "vertrag"),
    )  # fmt: skip
    number = k.text(
        _("Number"), search=True, unique=True, editable=False, importable=True, icon="hash",
        help=_("Given when the contract begins to count; the numbers of a year have no gaps."),
        synonyms=("contract number", "contract no", "número de contrato", "vertragsnummer"),
    )  # fmt: skip
    kind = k.choice(
        pgettext_lazy("contract", "Kind"), KINDS, default="subscription", index=True,
        synonyms=("contract type", "type", "tipo"),
    )  # fmt: skip
    company = k.relation(
        _("Company"), "contacts.Company", to="company", related_name="contracts", icon="org",
        synonyms=("account", "account name", "customer", "company name", "empresa", "cliente"),
    )  # fmt: skip
    person = k.relation(
        _("Contact person"), "contacts.Person", to="person", related_name="contracts", icon="user",
        synonyms=("contact", "signer", "customer signed by", "contacto"),
    )  # fmt: skip
    deal = k.relation(
        _("Deal"), "sales.Deal", to="deal", related_name="contracts", icon="deal",
        synonyms=("opportunity", "opportunity name", "deal name", "oportunidad", "negocio"),
    )  # fmt: skip
    quote = k.relation(
        _("Quote"), "sales.Quote", to="quote", related_name="contracts", icon="file",
        synonyms=("quote number", "presupuesto", "angebot"),
    )  # fmt: skip
    order = k.relation(
        pgettext_lazy("sale", "Order"), "sales.Order", to="order", related_name="contracts",
        icon="order", synonyms=("order number", "pedido", "auftrag"),
    )  # fmt: skip
    state = k.choice(
        _("State"), STATES, tones=STATE_TONES, default="draft", required=True, index=True,
        synonyms=("status", "contract status", "estado"), elsewhere=STATES_ELSEWHERE,
    )  # fmt: skip
    day = k.date(
        _("Signed on"), index=True, icon="cal",
        synonyms=("customer signed date", "signed date", "fecha de firma"),
    )  # fmt: skip
    start = k.date(
        _("Start"), default=timezone.localdate, required=True, index=True, icon="cal",
        synonyms=("contract start date", "start date", "subscription start date", "inicio",
        "vertragsbeginn"),
    )  # fmt: skip
    term = k.integer(
        _("Term in months"), low=1, high=600, icon="clock",
        help=_("Empty: it runs until somebody gives notice."),
        synonyms=("contract term", "contract term (months)", "term", "duración", "laufzeit"),
    )  # fmt: skip
    end = k.date(
        _("Last day"), index=True, icon="cal",
        help=_("Follows start and term where you say nothing; a renewal moves it on."),
        synonyms=("contract end date", "end date", "renewal date", "fin", "vertragsende"),
    )  # fmt: skip
    auto_renew = k.boolean(
        _("Renews by itself"), synonyms=("auto renew", "auto-renewal", "renovación automática")
    )
    renewal_term = k.integer(
        _("Months of a renewal"), low=1, high=600, help=_("The term again, if you say nothing."),
        synonyms=("renewal term", "renewal term (months)"),
    )  # fmt: skip
    notice = k.integer(
        _("Notice period"), low=0, high=1000, icon="bell",
        synonyms=("notice period", "owner expiration notice", "plazo de preaviso",
        "kündigungsfrist"),
    )  # fmt: skip
    notice_unit = k.choice(_("Notice counted in"), UNITS, default="month")
    notice_by = k.date(
        _("Notice until"), editable=False, index=True, icon="bell",
        help=_("The last day to give notice: the notice period before the last day."),
    )  # fmt: skip
    renewal_days = k.integer(
        _("Renewal deal days ahead"), low=0, high=1000, default=30,
        help=_("So many days before the last day to give notice a renewal deal is made."),
    )  # fmt: skip
    renewal_on = k.date(_("Renewal deal on"), editable=False, index=True)
    renewal_pipeline = k.relation(
        _("Renewal pipeline"), "sales.Pipeline", to="pipeline", related_name="renewing",
        icon="flow", help=_("Your second pipeline, if you choose none; Renewals to begin with."),
    )  # fmt: skip
    renewal_deal = k.relation(
        _("Renewal deal"), "sales.Deal", to="deal", related_name="renews", editable=False,
        icon="deal",
    )  # fmt: skip
    amount = k.money(
        _("Recurring amount"), low=0, icon="money", index=True,
        help=_("For each interval, before tax; what the lines come to where there are some."),
        synonyms=("contract value", "amount", "recurring price", "importe", "betrag"),
    )  # fmt: skip
    every = k.choice(
        pgettext_lazy("contract", "Every"), EVERY, default="month", required=True,
        elsewhere=EVERY_ELSEWHERE,
        synonyms=("billing frequency", "billing period", "interval", "frecuencia"),
    )  # fmt: skip
    currency = k.currency(_("Currency"), synonyms=("currency code", "moneda", "währung"))
    price_from = k.date(
        _("New price from"),
        help=_("From which day a changed price counts; from today, if you say nothing."),
    )
    mrr = k.money(
        _("MRR"), editable=False, base="mrr_base", index=True, icon="trend",
        help=_("Monthly recurring revenue: what it brings in a month, as last agreed."),
    )  # fmt: skip
    mrr_base = k.base_amount(_("MRR in our currency"))
    arr = k.money(
        _("ARR"), editable=False, icon="trend",
        help=_("Annual recurring revenue: what it brings in a year, as last agreed."),
    )  # fmt: skip
    notice_on = k.date(
        _("Notice given on"), index=True, synonyms=("cancellation date", "fecha de preaviso")
    )
    late_accepted = k.boolean(
        _("Late notice accepted"), help=_("It ends although notice came after the last day.")
    )
    cancel_reason = k.choice(
        _("Ends because"), REASONS, index=True, synonyms=("churn reason", "motivo de baja")
    )
    cancel_note = k.text(_("What happened"), synonyms=("cancellation note",))
    notes = k.long_text(_("Notes"), synonyms=("description", "special terms", "notas"))
    external_id = k.text(
        _("External ID"), index=True, icon="hash",
        synonyms=("external id", "id", "contract id", "subscription id", "record id"),
    )  # fmt: skip
    #: The last day of the term for which a renewal deal was made; an undo leaves it, so that what
    #: somebody took back isn't made again the next day.
    renewal_for: Any = models.DateField(null=True, editable=False)

    # An undo doesn't take a number back: it was given out, and the next one must be the next.
    number.derived = True
    # The database works them out (`contract.sql`), so that an undo does too.
    for worked_out in (mrr, arr, notice_by, renewal_on, renewal_for):
        worked_out.derived = True
    del worked_out

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["number"],
                condition=~Q(number=""),
                name="contract_number_once",
                violation_error_code="number",
                violation_error_message=_("Another contract has this number already."),
            ),
            models.CheckConstraint(
                condition=Q(end=None) | Q(end__gte=models.F("start")),
                name="contract_ends_after_start",
                violation_error_code="end",
                violation_error_message=_("A contract can't end before it starts."),
            ),
        ]


class ContractLine(Lined):
    """A line of a contract, charged as often as the contract unless it says otherwise."""

    contract = models.ForeignKey("sales.Contract", models.DB_CASCADE, related_name="line_rows")
    every = models.TextField(default="", db_default="")


class ContractStanding(models.Model):
    """What a contract brought in a month, from one day until before another.

    A contract that nobody changes keeps its row. The database writes it (`contract.sql`); an undo
    takes a step back, it has no log. No foreign keys, as with the standings of deals.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    contract_id = models.UUIDField()
    since = models.DateField()
    until = models.DateField(null=True)
    mrr = models.DecimalField(max_digits=18, decimal_places=2)
    #: At the rate of the day on which the contract began, so that rates make no growth.
    mrr_base = models.DecimalField(max_digits=18, decimal_places=2, null=True)
    is_end = models.BooleanField(default=False)
    contract = models.ForeignObject(
        "sales.Contract", models.DO_NOTHING, from_fields=["contract_id"], to_fields=["id"],
        related_name="standings",
    )  # fmt: skip

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["contract_id", "since"], name="contract_standing_once")
        ]
