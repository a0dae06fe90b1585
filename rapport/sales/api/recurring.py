"""Recurring revenue, for programs."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from django.utils import timezone

from rapport.accounts.principals import Principal
from rapport.accounts.request import Request
from rapport.records import access
from rapport.records.surfaces.api.documents import answer_json
from rapport.records.surfaces.api.openapi_parts import (
    TEXT,
    TEXT_OR_NULL,
    json_content,
    operation,
    parameter,
    ruled,
)
from rapport.records.surfaces.pages import page_context
from rapport.sales.api.forecast_asked import DAY, only, read
from rapport.sales.parts.recurring_tables import read_month
from rapport.sales.parts.whose import read_whose
from rapport.sales.queries import (
    MOVES,
    RecurringAsked,
    by_currency,
    check_recurring,
    recurring,
    sales_tree,
)


def show_recurring_json(request: Request) -> HttpResponse:
    """Twelve months of MRR, with what changed it."""
    only(request, {"until", "of"})
    principal, typed = request.principal, request.GET.dict()
    check_recurring(principal)
    context = page_context(request)
    today = timezone.localdate(timezone=context.timezone)
    last = read(read_month, typed, today)
    _of, owned = read(read_whose, typed, principal, sales_tree())
    asked = RecurringAsked(last, today, owned)
    found = recurring(principal, asked)
    return answer_json(
        {
            "currency": context.currency, "mrr": f"{found.mrr:.2f}", "arr": f"{found.arr:.2f}",
            "net_retention": _rate(found.net), "gross_retention": _rate(found.gross),
            "months": [
                {"month": str(one.month), "beginning": f"{one.before:.2f}",
                 **{name: f"{one.moves[name]:.2f}" for name in MOVES}, "end": f"{one.after:.2f}",
                 "churn_rate": _rate(one.churn), "customers": one.customers,
                 "customers_lost": one.lost}
                for one in found.months
            ],
            "currencies": [
                {"currency": one.currency, "contracts": one.contracts, "mrr": f"{one.own:.2f}",
                 "mrr_base": None if one.base is None else f"{one.base:.2f}"}
                for one in by_currency(principal, asked)
            ],
        }
    )  # fmt: skip


def _rate(part: Decimal | None) -> str | None:
    return None if part is None else f"{part:.4f}"


def _object(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "required": list(properties), "properties": properties}


COUNT = {"type": "integer"}
SHOWN = _object(
    currency=TEXT, mrr=TEXT, arr=TEXT, net_retention=TEXT_OR_NULL, gross_retention=TEXT_OR_NULL,
    months={"type": "array", "items": _object(
        month=DAY, beginning=TEXT, **dict.fromkeys(MOVES, TEXT), end=TEXT,
        churn_rate=TEXT_OR_NULL, customers=COUNT, customers_lost=COUNT,
    )},
    currencies={"type": "array", "items": _object(
        currency=TEXT, contracts=COUNT, mrr=TEXT, mrr_base=TEXT_OR_NULL
    )},
)  # fmt: skip


def recurring_paths(principal: Principal) -> dict[str, Any]:
    """The path, for whoever may ask."""
    try:
        check_recurring(principal)
    except access.Denied:
        return {}
    whose = "me, team, below, team: or person: and a key, nobody; nothing is all that you see."
    one = operation(
        "sales", "show_recurring_revenue", "MRR of twelve months and what changed it",
        {"200": json_content("Months, retention and currencies.", SHOWN)}, 403, 422,
        parameters=[
            parameter("until", ruled(TEXT, "The last month, as 2026-10; this one, if not said.")),
            parameter("of", ruled(TEXT, whose)),
        ],
    )  # fmt: skip
    return {"/sales/recurring": {"get": one}}
