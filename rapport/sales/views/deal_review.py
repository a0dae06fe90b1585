"""The review of open deals: what is worth a look, why, and what is at stake, by owner."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from itertools import groupby
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from rapport.accounts.principals import Principal
from rapport.accounts.request import Request
from rapport.kit.formats import format_money
from rapport.records import access, registry
from rapport.records.kinds import Context
from rapport.records.reading import Row, parse_sort, read_page
from rapport.records.surfaces.listing.grid import each_row
from rapport.records.surfaces.pages import page_context
from rapport.sales.parts.flag_words import LABELS, TONES, sentence_of
from rapport.sales.parts.sales_pages import sales_pages
from rapport.sales.parts.whose import (
    part_options,
    pipeline_options,
    read_flag,
    read_pipeline,
    read_whose,
)
from rapport.sales.queries import (
    LISTED,
    Flag,
    Review,
    Tree,
    check_review,
    deals_to_review,
    flags_of,
    glance,
    review,
    sales_tree,
)
from rapport.sales.views.forecast_asked import read_or_usual
from rapport.ui.html import trusted

HERE = "/sales/review/"
COLUMNS = ("amount", "stage", "close_date", "next_step")


@require_GET
def show_review(request: Request) -> HttpResponse:
    """Open deals with a reason to look at them, by owner; the most at stake first."""
    principal, typed = request.principal, request.GET.dict()
    check_review(principal)
    context, tree = page_context(request), sales_tree()
    (of, owned), wrong_of = read_or_usual(read_whose, typed, principal, tree)
    (pipeline, within), wrong_pipeline = read_or_usual(read_pipeline, typed, principal)
    flags, wrong_flag = read_or_usual(read_flag, typed, LABELS)
    problems = [one for one in (wrong_of, wrong_pipeline, wrong_flag) if one]
    asked = {"of": of, "pipeline": pipeline, "flag": "".join(flags)}
    seen = glance(principal)
    found = review(seen, owned & within, flags, context)
    rows = _rows(principal, deals_to_review(seen, owned & within, flags, context), context)
    reasons = flags_of(seen, [row.id for row in rows], context)
    answer = {
        "problems": problems, "sales_pages": sales_pages(HERE), "asked": asked,
        "nearby": _nearby(asked, principal), "parts": part_options(tree, of),
        "pipelines": pipeline_options(principal, pipeline), "flags": _flags(found, asked, context),
        "owners": _owners(found, rows, reasons, tree, context),
        "whole": found.whole, "at_stake": _money(found.whole.at_stake, context),
        "worth": _money(found.whole.worth, context), "heads": _heads(rows),
        "more": max(0, found.whole.flagged - len(rows)), "shown": len(rows),
    }  # fmt: skip
    return render(request, "sales/review.html", answer, status=422 if problems else 200)


def _rows(principal: Principal, deals: Any, context: Context) -> Sequence[Row]:
    deal = registry.get("deal")
    readable = access.fields(principal, "deal").readable
    names = [name for name in ("name", "company", "owner", *COLUMNS) if name in readable]
    order = parse_sort("-amount", deal, readable)
    return read_page(deals, deal, names, order, context, limit=LISTED).rows


def _owners(
    found: Review,
    rows: Sequence[Row],
    reasons: Mapping[UUID, Sequence[Flag]],
    tree: Tree,
    context: Context,
) -> Sequence[dict[str, Any]]:
    places = {owner: place for place, owner in enumerate(found.owners)}
    ordered = sorted(rows, key=lambda row: places.get(row.values["owner"], len(places)))
    return [
        {
            "name": tree.name_of("person", owner) or _("Nobody"),
            "part": found.owners[owner],
            "at_stake": _money(found.owners[owner].at_stake, context),
            "worth": _money(found.owners[owner].worth, context),
            "rows": _drawn(list(some), reasons, context),
        }
        for owner, some in groupby(ordered, key=lambda row: row.values["owner"])
        if owner in found.owners
    ]


def _drawn(
    rows: Sequence[Row], reasons: Mapping[UUID, Sequence[Flag]], context: Context
) -> Sequence[SafeString]:
    """The rows of the list of deals, each with the reasons and a way to note what was said."""
    may_note = access.may(context.principal, "create", "note")
    names = [name for name in COLUMNS if rows and name in rows[0].values]
    drawn = each_row(rows, registry.get("deal"), names, context)
    why = [_why(row.id, reasons.get(row.id, ()), context, may_note=may_note) for row in rows]
    return [
        trusted(f"{tr.removesuffix('</tr>')}{td}</tr>") for tr, td in zip(drawn, why, strict=True)
    ]


def _why(deal: UUID, flags: Sequence[Flag], context: Context, *, may_note: bool) -> SafeString:
    lines = (
        (TONES.get(one.name, "plain"), LABELS[one.name],
         sentence_of(one, context.language, context.currency))
        for one in flags
    )  # fmt: skip
    told = format_html_join(
        "", '<li><span class="tag {}">{}</span> <span class="small">{}</span></li>', lines
    )
    return format_html(
        '<td role="cell" class="c-why" data-l="{}"><ul class="said">{}</ul>{}</td>',
        _("Why"), told, _note(deal) if may_note else "",
    )  # fmt: skip


def _note(deal: UUID) -> SafeString:
    url = f"?{urlencode({'about': f'deal:{deal}'})}"
    return format_html(
        '<a class="btn quiet sm" href="/notes/new/{}" data-dialog-url="/notes/quick/{}">{}</a>',
        url, url, _("Note"),
    )  # fmt: skip


def _heads(rows: Sequence[Row]) -> Sequence[tuple[str, str]]:
    """Field and heading of each column."""
    fields = registry.get("deal").fields
    shown = [name for name in COLUMNS if not rows or name in rows[0].values]
    return [(f"c-{name}{' end' if fields[name].numeric else ''}", str(fields[name].label))
            for name in shown]  # fmt: skip


def _address(asked: Mapping[str, str], **other: str) -> str:
    given = {name: value for name, value in {**asked, **other}.items() if value}
    return f"{HERE}?{urlencode(given)}" if given else HERE


def _nearby(asked: Mapping[str, str], principal: Principal) -> Sequence[dict[str, Any]]:
    choices = {"": _("All I see"), "me": _("Mine")}
    if len(principal.team_user_ids) > 1:
        choices["team"] = _("My team")
    if len(principal.below_user_ids) > len(principal.team_user_ids):
        choices["below"] = _("And below")
    return [
        {"label": label, "url": _address(asked, of=of), "on": asked["of"] == of}
        for of, label in choices.items()
    ]


def _flags(found: Review, asked: Mapping[str, str], context: Context) -> Sequence[dict[str, Any]]:
    """Each reason with how many deals it is true of; a second click takes the filter away."""
    return [
        {
            "label": LABELS[name], "deals": part.deals, "at_stake": _money(part.worth, context),
            "on": asked["flag"] == name,
            "url": _address(asked, flag="" if asked["flag"] == name else name),
        }
        for name, part in found.by_flag.items()
    ]  # fmt: skip


def _money(amount: Decimal, context: Context) -> str:
    return format_money(Decimal(round(amount)), context.currency, context.language)
