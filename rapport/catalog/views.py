"""Pages of the catalog that no list or form of the engine gives."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from rapport.accounts.request import Request
from rapport.catalog.asking import ASKED, bound
from rapport.catalog.queries import Line, Priced, price_of
from rapport.kit.formats import format_money, format_percent
from rapport.records import access, registry
from rapport.records.forms.draft import Draft
from rapport.records.kinds import Context
from rapport.records.store import Rejected
from rapport.records.surfaces.pages import page_context


@require_GET
def try_price(request: Request) -> HttpResponse:
    """What a customer would pay for a product, with the steps that lead there."""
    access.check(request.principal, "view", "price_list")
    context = page_context(request)
    draft = _draft(context)
    found = _priced(request, draft) if request.GET else None
    answer = {
        "draft": draft,
        "fields": draft.fields.values(),
        "found": _shown(found, context) if found else None,
        "declaration": registry.get("price_list"),
    }
    return render(request, "catalog/prices.html", answer, status=422 if draft.errors else 200)


def _draft(context: Context) -> Draft:
    kinds = bound(ASKED)
    values = {name: kind.initial() for name, kind in kinds.items()} | {"currency": context.currency}
    return Draft(registry.get("product"), context, kinds, values, "p")


def _priced(request: Request, draft: Draft) -> Priced | None:
    values = {**draft.values, **draft.read(_asked(request, draft)).values}
    if draft.errors:
        return None
    try:
        (found,) = price_of(
            request.principal,
            [Line(values["product"], values["quantity"] or Decimal(1))],
            customer=values["customer"],
            currency=values["currency"] or draft.context.currency,
            day=values["day"] or timezone.localdate(),
            codes=[values["coupon"]] if values["coupon"] else [],
        )
    except Rejected as refused:
        draft.errors |= refused.fields
        return None
    return found


def _asked(request: Request, draft: Draft) -> Any:
    """What the address says; what it leaves out is as on an empty form."""
    asked = request.GET.copy()
    for name in ("quantity", "currency", "day"):
        if name not in asked:
            asked[name] = draft.kinds[name].typed(draft.values[name], draft.context)
    return asked


def _shown(found: Priced, context: Context) -> dict[str, Any]:
    def money(amount: Decimal | None) -> str:
        return "" if amount is None else format_money(amount, found.currency, context.language)

    tax = found.tax_percent
    return {
        "price": money(found.price),
        "total": money(found.total),
        "list_price": money(found.list_price),
        "discount": money(found.discount) if found.discount else "",
        "tax": "" if tax is None else format_percent(tax, context.language),
        "steps": found.steps,
    }
