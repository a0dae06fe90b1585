"""How deals go on from stage to stage and to their end, and how fast; each number opens its
deals."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from rapport.accounts.request import Request
from rapport.kit.formats import format_money
from rapport.records import access
from rapport.records.kinds import Context
from rapport.records.surfaces.pages import page_context
from rapport.sales.parts.conversion_tables import factors, tables, to_csv
from rapport.sales.parts.forecast_span import read_span
from rapport.sales.parts.sales_pages import sales_pages
from rapport.sales.parts.whose import part_options, pipeline_options, read_pipeline, read_whose
from rapport.sales.queries import (
    Question,
    Velocity,
    check_conversion,
    deals_of_number,
    sales_tree,
    velocity,
)
from rapport.sales.views.forecast_asked import address, lengths, read_or_usual, title_of

HERE = "/sales/conversion/"
LISTED = 200


@require_GET
def show_funnel(request: Request) -> HttpResponse:
    """The tables of a time; with `show`, the deals of one number; with `format=csv`, a file."""
    principal, typed = request.principal, {"by": "year", **request.GET.dict()}
    check_conversion(principal)
    context, tree = page_context(request), sales_tree()
    today = timezone.localdate(timezone=context.timezone)
    (by, span), wrong_span = read_or_usual(read_span, typed, request.workspace, today)
    (of, owned), wrong_of = read_or_usual(read_whose, typed, principal, tree)
    (pipeline, within), wrong_pipeline = read_or_usual(read_pipeline, typed, principal)
    asked = Question(span, context.timezone, owned & within)
    found = list(tables(principal, asked, today, tree, context))
    if typed.get("format") == "csv":
        return _file(to_csv(found), f"conversion-{span.first}.csv")
    more = {"of": of, "pipeline": pipeline}
    problems = [one for one in (wrong_span, wrong_of, wrong_pipeline) if one]
    behind = _behind(request, asked, typed.get("show", ""), context)
    problems += [behind["problem"]] if "problem" in behind else []
    speed = velocity(principal, asked)
    answer = {
        "problems": problems, "sales_pages": sales_pages(HERE), "by": by, "span": span,
        "title": title_of(span, context), "choices": lengths(HERE, by, span, **more),
        "before": address(HERE, by, span.moved(-1), **more),
        "after": address(HERE, by, span.moved(1), **more),
        "here": address(HERE, by, span, **more), "asked": more,
        "parts": part_options(tree, of), "pipelines": pipeline_options(principal, pipeline),
        "tables": found, "factors": factors(speed, context), "a_day": _a_day(speed, context),
        **behind,
    }  # fmt: skip
    return render(request, "sales/conversion.html", answer, status=422 if problems else 200)


def _a_day(speed: Velocity, context: Context) -> str:
    if speed.a_day is None:
        return ""
    return format_money(Decimal(round(speed.a_day)), context.currency, context.language)


def _behind(request: Request, asked: Question, number: str, context: Context) -> dict[str, Any]:
    """The deals that one number counts."""
    if not number:
        return {}
    try:
        found = deals_of_number(request.principal, asked, number)
        total = found.count()
    except (ValueError, TypeError):
        return {"problem": _("There is no such number. Click one in the tables.")}
    rows = found.order_by("-amount_base", "pk").values_list("pk", "amount_base")[:LISTED]
    worth = dict(rows)
    titles = access.titles(request.principal, [("deal", key) for key in worth], context.language)
    deals = [
        {"name": titles[key].text, "url": titles[key].url,
         "worth": "" if amount is None
         else format_money(Decimal(round(amount)), context.currency, context.language)}
        for key, amount in worth.items() if key in titles
    ]  # fmt: skip
    return {"shown": number, "deals": deals, "total": total, "more": max(0, total - LISTED)}


def _file(text: str, name: str) -> HttpResponse:
    kind = "text/csv; charset=utf-8; header=present"
    disposition = f'attachment; filename="{name}"'
    return HttpResponse(text, content_type=kind, headers={"Content-Disposition": disposition})
