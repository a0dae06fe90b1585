"""Recurring revenue as a chart, tables and a file."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from io import StringIO
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from rapport.kit.formats import format_money, format_month, format_percent, format_short_money
from rapport.records.kinds import Context
from rapport.records.store import Rejected
from rapport.sales.parts.waterfall import Bar, draw_waterfall
from rapport.sales.queries import MOVES, InCurrency, Recurring, RecurringMonth


def read_month(asked: Mapping[str, str], today: date) -> date:
    """The first day of the last month that is asked for. Raises Rejected."""
    text = asked.get("until", "")
    try:
        found = date.fromisoformat(f"{text}-01") if text else today.replace(day=1)
    except ValueError:
        raise Rejected({"until": _("Write a month as 2026-10.")}) from None
    if not date(1990, 1, 1) <= found <= today:
        raise Rejected({"until": _("Choose a month that is not ahead.")})
    return found


def move_words() -> dict[str, str]:
    """Why MRR changed."""
    return {
        "new": pgettext("revenue", "New"), "reactivation": pgettext("revenue", "Reactivated"),
        "expansion": pgettext("revenue", "Expansion"),
        "contraction": pgettext("revenue", "Contraction"),
        "churned": pgettext("revenue", "Churned"),
    }  # fmt: skip


def columns() -> list[str]:
    """The heads of the table of months."""
    return [
        _("Beginning"), *move_words().values(), pgettext("revenue", "End"), _("MRR churn"),
        _("Customers lost"),
    ]  # fmt: skip


def month_rows(found: Recurring, context: Context) -> list[dict[str, Any]]:
    """A row for each month, the latest first."""
    return [_row(one, context) for one in reversed(found.months)]


def _row(one: RecurringMonth, context: Context) -> dict[str, Any]:
    key = f"{one.month:%Y-%m}"
    moves = [
        {"text": money(one.moves[name], context), "number": f"{name}.{key}"}
        if one.moves[name] else {"text": "–", "number": ""}
        for name in MOVES
    ]  # fmt: skip
    return {
        "month": format_month(one.month, context.language),
        "cells": [
            {"text": money(one.before, context), "number": ""}, *moves,
            {"text": money(one.after, context), "number": f"all.{key}" if one.after else ""},
            {"text": share(one.churn, context), "number": ""},
            {"text": f"{one.lost} / {one.customers}", "number": ""},
        ],
    }  # fmt: skip


def figures(found: Recurring, context: Context) -> list[tuple[str, str, str, str]]:
    """What stands at the top: its name, the figure, what it says, and the number it opens."""
    last = f"all.{found.months[-1].month:%Y-%m}"
    return [
        (_("MRR"), money(found.mrr, context), _("What contracts bring in a month."), last),
        (_("ARR"), money(found.arr, context), _("Twelve times the MRR."), last),
        (
            _("Net retention"), share(found.net, context),
            _("What customers of a year ago bring now, of what they brought then."), "",
        ),
        (
            _("Gross retention"), share(found.gross, context),
            _("The same, but growth of a customer is not counted."), "",
        ),
    ]  # fmt: skip


def currency_rows(rows: Sequence[InCurrency], context: Context) -> list[dict[str, str]]:
    """What is agreed in each currency."""
    return [
        {
            "currency": one.currency, "contracts": str(one.contracts),
            "own": format_money(one.own, one.currency, context.language),
            "base": _("No exchange rate") if one.base is None else money(one.base, context),
        }
        for one in rows
    ]  # fmt: skip


def chart(found: Recurring, context: Context) -> SafeString:
    """From the beginning of the first month to the end of the last."""
    words = move_words()
    first, last = found.months[0], found.months[-1]
    bars = [
        Bar(_("Beginning"), first.before, is_sum=True),
        *(
            Bar(words[name], sum((one.moves[name] for one in found.months), Decimal(0)))
            for name in MOVES
        ),
        Bar(pgettext("revenue", "End"), last.after, is_sum=True),
    ]
    told = ", ".join(f"{bar.label} {money(bar.amount, context)}" for bar in bars)
    return draw_waterfall(
        bars, told, lambda one: format_short_money(one, context.currency, context.language)
    )


def to_csv(found: Recurring) -> str:
    """The months, one a row."""
    text = StringIO()
    writer = csv.writer(text)
    writer.writerow([_("Month"), *columns(), _("Customers")])
    for one in found.months:
        rates = [one.churn, one.lost_share]
        cells = [
            f"{one.month:%Y-%m}", f"{one.before:.2f}",
            *(f"{one.moves[name]:.2f}" for name in MOVES), f"{one.after:.2f}",
            *("" if rate is None else f"{rate:.4f}" for rate in rates),
            one.customers,
        ]  # fmt: skip
        writer.writerow(cells)
    return text.getvalue()


def money(amount: Decimal, context: Context) -> str:
    """An amount in our currency; cents are told, so that one sees that it adds up."""
    return format_money(amount, context.currency, context.language)


def share(part: Decimal | None, context: Context) -> str:
    """A part in percent; a dash where there is nothing that it is a part of."""
    return "–" if part is None else format_percent(round(part * 100, 1), context.language)
