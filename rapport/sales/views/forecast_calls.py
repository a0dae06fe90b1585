"""Managers' figures beside what deals come to, and how they add up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from rapport.accounts.request import Request
from rapport.kit.formats import format_money, format_percent
from rapport.records.kinds import Context
from rapport.records.store import Rejected
from rapport.records.surfaces.pages import moment_words, page_context
from rapport.records.surfaces.redirects import send_to
from rapport.sales.actions import call_forecast
from rapport.sales.models import ForecastCall
from rapport.sales.parts.forecast_call_form import read_given
from rapport.sales.parts.forecast_span import part_text, read_part, read_span
from rapport.sales.parts.forecast_words import category_words
from rapport.sales.queries import (
    OPEN,
    CalledLine,
    Span,
    Tree,
    called_lines,
    check_forecast,
    forecast,
    part_of,
    sales_tree,
)
from rapport.sales.views.forecast_asked import address, lengths, read_or_usual, tabs, title_of
from rapport.ui.toasts import toast_after_redirect

HERE = "/forecast/calls/"


@require_http_methods(["GET", "POST"])
def show_calls(request: Request) -> HttpResponse:
    """Each open category of each line by its deals and by its manager; a post gives a figure."""
    check_forecast(request.principal)
    context = page_context(request)
    today = timezone.localdate(timezone=context.timezone)
    typed = request.POST.dict() if request.method == "POST" else request.GET.dict()
    (by, span), problem = read_or_usual(read_span, typed, request.workspace, today)
    tree = sales_tree()
    faults: Mapping[str, Any] = {"from": problem} if problem else {}
    if request.method == "POST" and not faults:
        try:
            return _give(request, typed, by, span, tree, context)
        except Rejected as refused:
            faults = refused.fields
    answer = _page(request, by, span, tree, context)
    answer |= {"problems": [str(one) for one in faults.values()], "typed": typed}
    return render(request, "sales/forecast_calls.html", answer, status=422 if faults else 200)


def _give(
    request: Request, typed: Mapping[str, str], by: str, span: Span, tree: Tree, context: Context
) -> HttpResponse:
    part = read_part(typed, tree)
    if typed.get("take_back"):
        typed = {**typed, "amount": ""}
    elif not typed.get("amount", "").strip():
        raise Rejected({"amount": _("Type the amount that you expect.")})
    given = read_given(typed, context)
    category = typed.get("category", "")
    made = call_forecast(request.principal, span, part, category, given.amount, given.note)
    words = _("The deals count again.") if made.amount is None else _("Your figure counts now.")
    toast_after_redirect(request, words, "")
    return send_to(request, address(HERE, by, span))


def _page(request: Request, by: str, span: Span, tree: Tree, context: Context) -> dict[str, Any]:
    today = timezone.localdate(timezone=context.timezone)
    found = forecast(request.principal, span, context.timezone, today, tree)
    lines, calls = called_lines(request.principal, found, context.currency, tree)
    words = category_words()
    return {
        "forecast_pages": tabs(HERE, by, span), "choices": lengths(HERE, by, span),
        "before": address(HERE, by, span.moved(-1)), "after": address(HERE, by, span.moved(1)),
        "title": title_of(span, context), "by": by, "span": span, "currency": context.currency,
        "heads": [words[name] for name in OPEN],
        "lines": [_drawn(line, context) for line in lines],
        "calls": _told(calls, lines, tree, words, context),
        "parts": [
            {"value": part_text(one.part), "label": one.line.label} for one in lines if one.may_call
        ],
        "categories": [(name, words[name]) for name in OPEN],
    }  # fmt: skip


def _drawn(one: CalledLine, context: Context) -> dict[str, Any]:
    line, figures = one.line, [one.figures[name] for name in OPEN]
    share = one.won_and_commit / line.goal if line.goal else None
    return {
        "label": line.label, "kind": line.kind, "key": str(line.key or ""),
        "level": min(line.level, 2) + 1,
        "goal": _money(line.goal, context) if line.goal is not None else "",
        "won": _money(line.total.of("won"), context),
        "figures": [
            {"by_deals": _money(one.by_deals, context), "is_own": one.call is not None,
             "counts": _money(one.counts, context) if one.differs or one.call else ""}
            for one in figures
        ],
        "together": _money(one.won_and_commit, context),
        "share": "" if share is None else format_percent(
            Decimal(round(share * 100)), context.language
        ),
    }  # fmt: skip


def _told(
    calls: Sequence[ForecastCall],
    lines: Sequence[CalledLine],
    tree: Tree,
    words: Mapping[str, str],
    context: Context,
) -> Sequence[dict[str, Any]]:
    figures = {(one.part, name): one.figures[name] for one in lines for name in OPEN}
    may = {one.part for one in lines if one.may_call}
    told = []
    for call in calls:
        part = part_of(call)
        figure = figures.get((part, call.category))
        holds = figure is not None and figure.call is not None and figure.call.pk == call.pk
        told.append({
            "who": (tree.name_of("person", call.by) if call.by else None) or _("Somebody who left"),
            "whose": tree.name_of(part.kind, part.key) if part.key else _("Everybody"),
            "category": words[call.category], "note": call.note,
            "amount": "" if call.amount is None else _money(call.amount, context),
            "by_deals": _money(figure.by_deals, context) if holds and figure else "",
            "at": moment_words(call.at, context), "holds": holds,
            "of": part_text(part), "name": call.category, "may": holds and part in may,
        })  # fmt: skip
    return told


def _money(amount: Decimal | None, context: Context) -> str:
    return format_money(Decimal(round(amount or 0)), context.currency, context.language)
