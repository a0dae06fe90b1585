"""What an invoice says on its page: its lines, what was paid and what is open."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import lru_cache

from django.contrib.postgres.aggregates import JSONBAgg
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rapport.accounts.principals import Principal
from rapport.accounts.request import Request
from rapport.kit.formats import format_day
from rapport.records import access
from rapport.records.compiled import Answers, Ask, Compiled, Given, JSONArray, compiled
from rapport.sales.invoices.document import NAMES
from rapport.sales.models import Invoice, InvoiceLine, InvoicePayment
from rapport.sales.models.invoice import METHODS, OWED
from rapport.sales.parts.quote_lines import UNCHOSEN
from rapport.sales.quotes.lines import exact_money, told_line
from rapport.sales.quotes.sums import COLUMNS, told_sums

SUMS = tuple(name for name in COLUMNS if name != "not_chosen")
PAID = ("day", "amount", "method", "reference", "note")


def ask_lines(principal: Principal, invoice: Invoice) -> Mapping[str, Ask]:
    """The lines of an invoice and what they come to."""
    hidden = access.unread(principal, "invoice", "lines", *SUMS[:-1])
    sums = {"sums": Ask(_sums(hidden), {"summed": invoice.pk})}
    return sums if "lines" in hidden else {**sums, "lines": Ask(_lines(), {"lined": invoice.pk})}


@lru_cache(maxsize=1)
def _lines() -> Compiled:
    rows = InvoiceLine.objects.filter(invoice_id=Given("lined")).order_by()
    gathered = JSONBAgg(JSONArray(*NAMES), order_by=["position", "id"])
    of_invoice = rows.values("invoice_id").annotate(gathered=gathered)
    return compiled(of_invoice.values_list("invoice_id", "gathered"))


@lru_cache(maxsize=64)
def _sums(hidden: frozenset[str]) -> Compiled:
    left_out = hidden | ({"taxes"} if "tax" in hidden else frozenset())
    found = Invoice.objects.filter(pk=Given("summed")).order_by()
    return compiled(found.values_list("pk", JSONArray.without(left_out, *SUMS, "currency")))


def invoice_lines(request: Request, invoice: Invoice, answers: Answers) -> SafeString | str:
    """The lines of an invoice, what they come to, and where its PDF is."""
    principal = request.principal
    locale = principal.locale or principal.language
    ((_pk, row),) = answers["sums"]
    sums, currency = dict(zip(SUMS, row, strict=False)), row[-1]
    rows = [
        dict(zip(NAMES, line, strict=True))
        for _invoice, gathered in answers.get("lines", ())
        for line in gathered
    ]
    if not rows:
        return ""
    lines = [told_line({**UNCHOSEN, **row}, currency, locale) for row in rows]
    told = told_sums(sums, currency, locale, access.unread(principal, "invoice", *SUMS[:-1]))
    pdf = "" if invoice.deleted_at else reverse("invoice_document", args=[invoice.pk])
    return render_to_string("sales/quotes/_lines.html", {"lines": lines, "sums": told, "pdf": pdf})


def ask_payments(principal: Principal, invoice: Invoice) -> Mapping[str, Ask]:
    """What was paid of an invoice."""
    if access.unread(principal, "invoice", "payments", "open_amount", "credited"):
        return {}
    return {"payments": Ask(_payments(), {"paid_of": invoice.pk})}


@lru_cache(maxsize=1)
def _payments() -> Compiled:
    rows = InvoicePayment.objects.filter(invoice_id=Given("paid_of")).order_by("-day", "-pk")
    return compiled(rows.values_list("pk", JSONArray(*PAID)))


def invoice_payments(request: Request, invoice: Invoice, answers: Answers) -> SafeString | str:
    """What was paid when and how, and what is open; nothing while it is a draft."""
    if "payments" not in answers or not invoice.number or invoice.kind == "credit":
        return ""
    principal = request.principal
    locale, today = principal.locale or principal.language, timezone.localdate()
    rows = [
        {
            "day": format_day(date.fromisoformat(day), locale, today),
            "amount": exact_money(Decimal(str(amount)), invoice.currency, locale),
            "method": METHODS.get(method, method),
            "told": " · ".join(one for one in (reference, note) if one),
        }
        for _pk, (day, amount, method, reference, note) in answers["payments"]
    ]
    if invoice.credited:
        amount = exact_money(invoice.credited, invoice.currency, locale)
        rows.append({"day": "", "amount": amount, "method": _("Credited"), "told": ""})
    stand, tone = _stand(invoice, locale, today)
    return render_to_string(
        "sales/invoices/_payments.html", {"rows": rows, "stand": stand, "tone": tone}
    )


def _stand(invoice: Invoice, locale: str, today: date) -> tuple[str, str]:
    """How it stands with what is to be paid, in a sentence, and how that weighs."""
    left = invoice.open_amount or Decimal(0)
    amount = exact_money(abs(left), invoice.currency, locale)
    if left < 0:
        return _("%(amount)s more was paid than is due. Pay it back or settle it.") % {
            "amount": amount
        }, "warn"
    if invoice.state == "cancelled":
        return _("It is cancelled: nothing is to be paid."), ""
    if invoice.state not in OWED:
        return _("All of it is paid."), "good"
    days = (today - invoice.due).days if invoice.due else 0
    if days > 0:
        late = ngettext("for %(n)d day", "for %(n)d days", days) % {"n": days}
        return _("%(amount)s is open and overdue %(late)s.") % {
            "amount": amount, "late": late
        }, "bad"  # fmt: skip
    day = format_day(invoice.due, locale, today) if invoice.due else ""
    return _("%(amount)s is open, due %(day)s.") % {"amount": amount, "day": day}, "info"
