"""How much a company owes and may owe, as a card on its page."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django.db.models import Count, F, Min, Q, Sum
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from rapport.accounts.principals import Principal
from rapport.accounts.request import Request
from rapport.kit.formats import format_day, format_money
from rapport.records import access, registry
from rapport.records.compiled import Answers, Ask, Compiled, Given, JSONArray, compiled, decimal_of
from rapport.records.surfaces.pages import page_context
from rapport.sales.models import CompanyTerms
from rapport.sales.parts.credit import money_of
from rapport.sales.parts.owed import AMOUNT, DISPUTED, WHICH

OVERDUE = WHICH["overdue"][0]


def ask_credit(principal: Principal, company: Any) -> Mapping[str, Ask]:
    """What the reader may know of what a company owes."""
    fields = ("open_amount", "due", "disputed", "company")
    if not access.may(principal, "view", "invoice") or access.unread(principal, "invoice", *fields):
        return {}
    edition, of = registry.edition(), {"owed_of": company.pk}
    asks = {"owed": Ask(_owed(edition, access.reach(principal, registry.get("invoice"))), of)}
    if access.may(principal, "view", "order") and not access.unread(
        principal, "order", "company", "gross"
    ):
        reached = access.reach(principal, registry.get("order"))
        asks["waiting"] = Ask(_waiting(edition, reached), of)
    if not access.unread(principal, "company", "credit_limit"):
        asks["limit"] = Ask(_limit(), of)
    return asks


@lru_cache(maxsize=128)
def _owed(_edition: int, reached: access.Reach) -> Compiled:
    found = access.reached_rows(registry.get("invoice"), reached)
    of_company = found.filter(company_id=Given("owed_of")).filter(
        Q(open_amount__gt=0) | Q(disputed__gt=0)
    )
    is_open = Q(open_amount__gt=0)
    sums = JSONArray(
        Count("pk", filter=is_open), Sum("open_base", filter=is_open),
        Count("pk", filter=OVERDUE), Sum("open_base", filter=OVERDUE), Min("due", filter=OVERDUE),
        Sum(DISPUTED, output_field=AMOUNT),
    )  # fmt: skip
    grouped = of_company.order_by().values("company_id").annotate(sums=sums)
    return compiled(grouped.values_list("company_id", "sums"))


@lru_cache(maxsize=128)
def _waiting(_edition: int, reached: access.Reach) -> Compiled:
    found = access.reached_rows(registry.get("order"), reached)
    states = ("confirmed", "partly_delivered", "delivered")
    of_company = found.filter(company_id=Given("owed_of"), state__in=states).order_by()
    sums = of_company.values("company_id").annotate(sum=Sum(money_of("sales_unbilled", "pk")))
    return compiled(sums.values_list("company_id", "sum"))


@lru_cache(maxsize=1)
def _limit() -> Compiled:
    found = CompanyTerms.objects.filter(company_id=Given("owed_of"), credit_limit__isnull=False)
    return compiled(found.order_by().values_list(F("company_id"), "credit_limit"))


def company_credit(request: Request, company: Any, answers: Answers) -> SafeString | str:
    """What is open and overdue, since when, what is ordered besides, and what is left."""
    waiting, limit = _first(answers, "waiting"), _first(answers, "limit")
    owed = next((sums for _key, sums in answers.get("owed", ())), None)
    if owed is None and not waiting and limit is None:
        return ""
    context = page_context(request)

    def money(amount: Any) -> str:
        return format_money(Decimal(str(amount or 0)), context.currency, context.language)

    count, open_sum, late, late_sum, oldest, disputed = owed or (0, 0, 0, 0, None, 0)
    used = Decimal(str(open_sum or 0)) + (waiting or 0)
    of = f"?company={company.pk}"
    rows = [
        _row(
            pgettext("amount", "Open"),
            money(open_sum),
            _invoices(count),
            f"/invoices/{of}&open_amount.gt=0",
        )
    ]
    if late:
        since = _since(oldest, context.language)
        address = f"/invoices/{of}&open_amount.gt=0&due.in=past"
        rows.append(_row(_("Overdue"), money(late_sum), since, address, "bad"))
    if disputed:
        told = _("The customer does not agree.")
        rows.append(_row(_("Disputed"), money(disputed), told, f"/disputes/{of}"))
    if waiting:
        told = _("Confirmed orders, tax included.")
        rows.append(_row(_("Ordered, not billed"), money(waiting), told, f"/orders/{of}"))
    if limit is not None:
        left = limit - used
        told = _("Orders beyond it need a manager.") if left < 0 else ""
        rows.append(_row(_("Credit limit"), money(limit)))
        rows.append(_row(_("Left"), money(left), told, tone="bad" if left < 0 else "good"))
    return render_to_string("sales/invoices/_credit.html", {"rows": rows})


def _first(answers: Answers, name: str) -> Decimal | None:
    return next((decimal_of(value) for _key, value in answers.get(name, ())), None)


def _row(
    label: str, amount: str, told: str = "", address: str = "", tone: str = ""
) -> dict[str, str]:
    return {"label": label, "amount": amount, "told": told, "address": address, "tone": tone}


def _invoices(count: int) -> str:
    return ngettext("%(n)d invoice", "%(n)d invoices", count) % {"n": count} if count else ""


def _since(oldest: str | None, locale: str) -> str:
    if not oldest:
        return ""
    today = timezone.localdate()
    return _("The oldest was due %(day)s.") % {
        "day": format_day(date.fromisoformat(oldest), locale, today)
    }
