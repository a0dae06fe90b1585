"""Recurring revenue month by month, as a waterfall; each number opens its contracts."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from rapport.accounts.request import Request
from rapport.kit.formats import format_month
from rapport.kit.periods import add_months
from rapport.records import access
from rapport.records.kinds import Context
from rapport.records.surfaces.pages import page_context
from rapport.sales.parts.recurring_tables import (
    chart,
    columns,
    currency_rows,
    figures,
    money,
    month_rows,
    move_words,
    read_month,
    to_csv,
)
from rapport.sales.parts.sales_pages import sales_pages
from rapport.sales.parts.whose import part_options, read_whose
from rapport.sales.queries import (
    RecurringAsked,
    by_currency,
    check_recurring,
    contracts_behind,
    recurring,
    sales_tree,
)
from rapport.sales.views.forecast_asked import read_or_usual

HERE = "/sales/recurring/"
#: Days ahead of the last day to give notice for which lists are offered.
AHEAD = (30, 60, 90)


@require_GET
def show_recurring(request: Request) -> HttpResponse:
    """Twelve months; with `show`, the contracts of one number; with `format=csv`, a file."""
    principal, typed = request.principal, request.GET.dict()
    check_recurring(principal)
    context, tree = page_context(request), sales_tree()
    today = timezone.localdate(timezone=context.timezone)
    last, wrong_month = read_or_usual(read_month, typed, today)
    (of, owned), wrong_of = read_or_usual(read_whose, typed, principal, tree)
    asked = RecurringAsked(last, today, owned)
    found = recurring(principal, asked)
    if typed.get("format") == "csv":
        return _file(to_csv(found), f"recurring-revenue-{last:%Y-%m}.csv")
    behind = _behind(request, asked, typed.get("show", ""), context)
    problems = [one for one in (wrong_month, wrong_of, behind.get("problem", "")) if one]
    after = add_months(last, 1)
    answer = {
        "problems": problems, "sales_pages": sales_pages(HERE), "until": f"{last:%Y-%m}",
        "title": _("Twelve months to %(month)s") % {"month": format_month(last, context.language)},
        "here": _address(last, of), "before": _address(add_months(last, -1), of),
        "after": _address(after, of) if after <= today else "",
        "parts": part_options(tree, of), "figures": figures(found, context),
        "chart": chart(found, context), "columns": columns(), "rows": month_rows(found, context),
        "currencies": currency_rows(by_currency(principal, asked), context), "ahead": AHEAD,
        "is_empty": not any(one.before or one.after for one in found.months), **behind,
    }  # fmt: skip
    return render(request, "sales/recurring.html", answer, status=422 if problems else 200)


def _address(until: date, of: str) -> str:
    return f"{HERE}?{urlencode({'until': f'{until:%Y-%m}', 'of': of})}"


def _behind(
    request: Request, asked: RecurringAsked, number: str, context: Context
) -> dict[str, Any]:
    """The contracts that one number counts."""
    if not number:
        return {}
    try:
        rows, total = contracts_behind(request.principal, asked, number)
    except ValueError:
        return {"problem": _("There is no such number. Click one in the tables.")}
    keys = [("contract", one.contract) for one in rows]
    titles = access.titles(request.principal, keys, context.language)
    contracts = [
        {
            "name": titles[one.contract].text, "url": titles[one.contract].url,
            "before": money(one.before, context), "after": money(one.after, context),
        }
        for one in rows if one.contract in titles
    ]  # fmt: skip
    label = move_words().get(number.partition(".")[0], _("In force"))
    return {"label": label, "contracts": contracts, "total": total, "more": total - len(rows)}


def _file(text: str, name: str) -> HttpResponse:
    kind = "text/csv; charset=utf-8; header=present"
    disposition = f'attachment; filename="{name}"'
    return HttpResponse(text, content_type=kind, headers={"Content-Disposition": disposition})
