"""What changed in the forecast since a day, step by step, and the deals behind each step."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from rapport.accounts.request import Request
from rapport.kit.formats import format_day, format_money, format_short_money
from rapport.records import access
from rapport.records.kinds import Context
from rapport.records.surfaces.pages import moment_words, page_context
from rapport.sales.parts.forecast_span import (
    part_text,
    read_categories,
    read_part,
    read_since,
    read_span,
    read_step,
)
from rapport.sales.parts.forecast_words import category_words, step_words
from rapport.sales.parts.waterfall import Bar, draw_waterfall
from rapport.sales.queries import (
    OPEN,
    SHOWN,
    Asked,
    Changes,
    Moved,
    Tree,
    changes_since,
    check_forecast,
    deals_behind,
    sales_tree,
    snapshot_before,
)
from rapport.sales.views.forecast_asked import (
    address,
    lengths,
    part_choices,
    read_or_usual,
    tabs,
    title_of,
)

HERE = "/forecast/changes/"


@require_GET
def show_changes(request: Request) -> HttpResponse:
    """The waterfall of a time, of a team or a person, since a day that the address names."""
    check_forecast(request.principal)
    context, typed = page_context(request), request.GET.dict()
    today = timezone.localdate(timezone=context.timezone)
    tree = sales_tree()
    (by, span), wrong_span = read_or_usual(read_span, typed, request.workspace, today)
    part, wrong_part = read_or_usual(read_part, typed, tree)
    categories, wrong_category = read_or_usual(read_categories, typed)
    day, wrong_day = read_or_usual(read_since, typed, request.workspace, today)
    step, wrong_step = read_or_usual(read_step, typed)
    problems = [
        one for one in (wrong_span, wrong_part, wrong_category, wrong_day, wrong_step) if one
    ]
    since = snapshot_before(day)
    more = {
        "since": str(day), "of": part_text(part),
        "category": categories[0] if len(categories) == 1 else "",
    }  # fmt: skip
    answer: dict[str, Any] = {
        "problems": problems, "title": title_of(span, context), "by": by, "span": span,
        "forecast_pages": tabs(HERE, by, span), "choices": lengths(HERE, by, span, **more),
        "before": address(HERE, by, span.moved(-1), **more),
        "after": address(HERE, by, span.moved(1), **more),
        "parts": part_choices(tree, part), "day": day, "today": today, "since": since,
        "categories": [
            {"value": one, "label": label, "on": one == more["category"]}
            for one, label in category_words().items() if one in OPEN
        ],
        "currency": context.currency,
    }  # fmt: skip
    if since is not None:
        asked = Asked(span, categories, since, part)
        found = changes_since(request.principal, asked, tree)
        answer |= _told(found, asked, context, address(HERE, by, span, **more))
        answer |= _behind(request, asked, tree, step, context) if step else {}
    return render(request, "sales/forecast_changes.html", answer, status=422 if problems else 200)


def _told(found: Changes, asked: Asked, context: Context, here: str) -> dict[str, Any]:
    words = step_words()
    steps = [
        {
            "label": words[one.name][0], "why": words[one.name][1], "deals": one.deals,
            "amount": _signed(one.amount, context), "url": f"{here}&step={one.name}#deals",
            "tone": "goodt" if one.amount > 0 else "badt",
        }
        for one in found.steps
    ]  # fmt: skip
    return {
        "then": _money(found.before, context), "now": _money(found.after, context),
        "change": _signed(found.after - found.before, context),
        "taken_at": moment_words(asked.since.taken_at, context),
        "since_day": format_day(asked.since.day, context.language),
        "steps": steps, "chart": _chart(found, asked, context),
    }  # fmt: skip


def _chart(found: Changes, asked: Asked, context: Context) -> SafeString:
    words, day = step_words(), asked.since.day
    bars = [
        Bar(format_day(day, context.language, day), found.before, is_sum=True),
        *(Bar(words[one.name][0], one.amount) for one in found.steps),
        Bar(_("Today"), found.after, is_sum=True),
    ]
    told = ", ".join(f"{bar.label} {_money(bar.amount, context)}" for bar in bars)
    return draw_waterfall(
        bars, told, lambda one: format_short_money(one, context.currency, context.language)
    )


def _behind(
    request: Request, asked: Asked, tree: Tree, step: str, context: Context
) -> dict[str, Any]:
    rows, total = deals_behind(request.principal, asked, tree, step)
    keys = [("deal", one.deal) for one in rows]
    titles = access.titles(request.principal, keys, context.language, trashed=None)
    label, why = step_words()[step]
    return {
        "step": {"label": label, "why": why, "total": total, "more": max(0, total - SHOWN)},
        "deals": [_deal(one, titles, context) for one in rows],
    }


def _deal(one: Moved, titles: Any, context: Context) -> dict[str, Any]:
    title = titles.get(one.deal)
    return {
        "name": title.text if title else "", "url": title.url if title else "",
        "before": _money(one.before, context), "after": _money(one.after, context),
        "amount": _signed(one.amount, context),
    }  # fmt: skip


def _money(amount: Decimal, context: Context) -> str:
    return format_money(Decimal(round(amount)), context.currency, context.language)


def _signed(amount: Decimal, context: Context) -> str:
    return f"{'+' if amount > 0 else ''}{_money(amount, context)}"
