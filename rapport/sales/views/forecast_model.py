"""What a model foresees, beside what people do."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from rapport.accounts.request import Request
from rapport.kit.formats import format_money, format_month, format_percent
from rapport.records.kinds import Context
from rapport.records.surfaces.pages import moment_words, page_context
from rapport.sales.models import RevenueModel
from rapport.sales.parts.forecast_span import part_text, read_part, read_span
from rapport.sales.parts.foreseeing import AHEAD, LEAST_MONTHS, LEAST_WINS
from rapport.sales.parts.model_chart import BEHIND, draw_model
from rapport.sales.queries import (
    Cell,
    Part,
    Span,
    Tree,
    check_forecast,
    forecast,
    revenue_model,
    sales_tree,
)
from rapport.sales.views.forecast_asked import read_or_usual, tabs

HERE = "/forecast/model/"


@require_GET
def show_model(request: Request) -> HttpResponse:
    """The months ahead by the model, with an interval, beside what open deals weigh."""
    check_forecast(request.principal)
    context, typed = page_context(request), request.GET.dict()
    today = timezone.localdate(timezone=context.timezone)
    tree = sales_tree()
    (by, span), wrong_span = read_or_usual(read_span, typed, request.workspace, today)
    part, wrong_part = read_or_usual(read_part, typed, tree)
    problems = [one for one in (wrong_span, wrong_part) if one]
    found = revenue_model(request.principal, part, context.currency, tree)
    answer: dict[str, Any] = {
        "forecast_pages": tabs(HERE, by, span), "problems": problems, "model": found,
        "parts": _choices(tree, part), "currency": context.currency,
        "least_months": LEAST_MONTHS, "least_wins": LEAST_WINS,
    }  # fmt: skip
    if found is not None:
        answer |= {"made_at": moment_words(found.made_at, context), "months": len(found.history)}
        if found.state == RevenueModel.State.READY:
            answer |= _told(request, found, part, tree, context)
    return render(request, "sales/forecast_model.html", answer, status=422 if problems else 200)


def _choices(tree: Tree, chosen: Part) -> list[dict[str, Any]]:
    teams = [(Part("team", team.pk), team.name) for some in tree.parts.values() for team in some]
    return [
        {"value": part_text(part), "label": label, "on": part == chosen}
        for part, label in ((Part(), _("Everybody")), *teams)
    ]


def _told(
    request: Request, found: RevenueModel, part: Part, tree: Tree, context: Context
) -> dict[str, Any]:
    today = timezone.localdate(timezone=context.timezone)
    days = [date.fromisoformat(row[0]) for row in found.ahead]
    people = forecast(request.principal, Span(days[0], len(days)), context.timezone, today, tree)
    (cells,) = [one.months for one in people.lines if _is_it(one.kind, one.key, part)] or [{}]
    rows = [
        {"month": format_month(day, context.language), "middle": _money(middle, context),
         "low": _money(low, context), "high": _money(high, context),
         "weighted": _money(cells.get(day, Cell()).weighted, context)}
        for day, (_text, middle, low, high) in zip(days, found.ahead, strict=True)
    ]  # fmt: skip
    tried = found.backtest
    first = date.fromisoformat(found.history[-BEHIND:][0][0])
    return {
        "rows": rows, "chart": draw_model(
            [row[1] for row in found.history], [(row[1], row[2], row[3]) for row in found.ahead],
            (_("Revenue by month so far, and foreseen with an interval; the table says it too."),
             format_month(first, context.language), format_month(days[-1], context.language)),
        ),
        "tried": {
            "months": tried["months"], "ahead": AHEAD, "error": _percent(tried["error"], context),
            "naive": _percent(tried["naive_error"], context),
            "held": _percent(tried["held"], context), "stretch": f"{tried['stretch']:.2f}",
            "is_better": tried["error"] < tried["naive_error"],
        },
    }  # fmt: skip


def _is_it(kind: str, key: Any, part: Part) -> bool:
    return (kind, key) == (part.kind, part.key)


def _percent(share: float, context: Context) -> str:
    return format_percent(Decimal(round(share * 100)), context.language)


def _money(amount: Any, context: Context) -> str:
    return format_money(Decimal(round(amount)), context.currency, context.language)
