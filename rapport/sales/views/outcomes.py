"""Why deals are won and lost, and against whom."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET

from rapport.accounts.queries import workspace
from rapport.accounts.request import Request
from rapport.kit.formats import format_money
from rapport.records import access
from rapport.sales.models.deal import LOST_REASONS, WON_REASONS
from rapport.sales.parts.sales_pages import sales_pages
from rapport.sales.queries import Outcome, outcomes, rivals


@require_GET
def show_outcomes(request: Request) -> HttpResponse:
    """Why deals were won and lost, and against whom, by quarter."""
    principal = request.principal
    access.check(principal, "view", "deal")
    if access.unread(principal, "deal", "state", "closed_at"):
        raise access.Denied(_("Your roles don't show you how deals ended."))
    locale = principal.locale or principal.language
    reasons: Mapping[str, Mapping[str, Any]] = {"won": WON_REASONS, "lost": LOST_REASONS}
    by_reason = [
        (one, str(reasons[one.state].get(one.name, _("No reason given"))))
        for one in outcomes(principal)
    ]
    by_rival = [(one, one.name or _("A company you don't see")) for one in rivals(principal)]
    facts = {
        "sales_pages": sales_pages("/outcomes/"),
        "tables": [
            (_("By reason"), _("Reason"), _quarters(by_reason, locale)),
            (_("By competitor"), _("Competitor"), _quarters(by_rival, locale)),
        ],
        "has_amounts": not access.unread(principal, "deal", "amount"),
    }
    return render(request, "sales/outcomes.html", facts)


def _quarters(
    found: Sequence[tuple[Outcome, str]], locale: str
) -> list[tuple[str, list[Mapping[str, Any]]]]:
    """The rows of each quarter, the latest first."""
    return [
        (_quarter(quarter), list(_rows(rows, locale)))
        for quarter, rows in groupby(found, key=lambda pair: pair[0].quarter)
    ]


def _quarter(day: Any) -> str:
    return _("Q%(quarter)d %(year)d") % {"quarter": (day.month + 2) // 3, "year": day.year}


def _rows(found: Iterable[tuple[Outcome, str]], locale: str) -> Iterable[Mapping[str, Any]]:
    currency = workspace().currency
    ends = {
        "won": ("good", pgettext("deal", "Won")),
        "lost": ("bad", pgettext("deal", "Lost")),
        "his": ("bad", _("Lost to them")),
    }
    for one, label in found:
        tone, end = ends[one.state]
        amount = format_money(round(one.amount), currency, locale)
        yield {"label": label, "tone": tone, "end": end, "count": one.count, "amount": amount}
