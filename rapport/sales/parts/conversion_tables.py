"""The tables of conversion and velocity: what each says, and which number its cells count."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from io import StringIO
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from rapport.accounts.principals import Principal
from rapport.kit.formats import format_decimal, format_money, format_month, format_percent
from rapport.kit.formulas import disarm
from rapport.records import access, registry
from rapport.records.kinds import Context, words
from rapport.sales.queries import (
    ENDS,
    WITHIN,
    Cohort,
    Question,
    Rate,
    StageLine,
    Tree,
    Velocity,
    cohorts,
    sides_of,
    stage_lines,
    win_rates,
)

TENTH = Decimal("0.1")


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in it, and the number whose deals it opens, if it counts deals."""

    text: str
    number: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A heading, what it means, its columns, and rows of a label and cells."""

    name: str
    title: str
    why: str
    columns: Sequence[str]
    rows: Sequence[tuple[str, Sequence[Cell]]]


def tables(
    principal: Principal, asked: Question, today: date, tree: Tree, context: Context
) -> Iterator[Table]:
    """All tables, for whoever may ask."""
    yield _stages(stage_lines(principal, asked), context)
    for side in sides_of(principal):
        rates = win_rates(principal, asked, side)
        yield _rates(side, rates, _labels(side, rates, tree, context), context)
    yield _cohorts(cohorts(principal, asked, today), today, context)


def factors(found: Velocity, context: Context) -> Sequence[tuple[str, Cell, str]]:
    """What velocity is made of: a name, the figure, and what it says."""
    share = _percent(found.share, context) if found.share is not None else "–"
    days = _days(found.cycle, context) if found.cycle else "–"
    ended = {"won": found.won, "all": found.won + found.lost}
    return [
        (_("Open deals"), Cell(str(found.open), "open"), _("open now")),
        (_("Win rate"), Cell(share, "won"),
         _("%(won)d won of %(all)d that ended in this time") % ended),
        (_("Average worth"), Cell(_money(found.average, context), "won"),
         _("of those that were won in this time")),
        (_("Length"), Cell(days, "won"),
         _("from the day a deal was made to the day it was won: half of them took longer")),
    ]  # fmt: skip


def to_csv(found: Sequence[Table]) -> str:
    """All tables below each other."""
    text = StringIO()
    writer = csv.writer(text)
    for table in found:
        writer.writerow([table.title, *table.columns])
        for label, cells in table.rows:
            writer.writerow(map(disarm, [label, *(cell.text for cell in cells)]))
        writer.writerow([])
    return text.getvalue()


def end_words() -> dict[str, str]:
    """What became of a stay."""
    return {
        "on": _("Went on"), "back": _("Went back"), "won": pgettext("deal", "Won"),
        "lost": pgettext("deal", "Lost"), "still": _("Still there"),
    }  # fmt: skip


def _stages(lines: Sequence[StageLine], context: Context) -> Table:
    ends = end_words()
    rows = [
        (
            words(one.label, context.principal.language),
            [
                Cell(str(one.entered), f"stage.{one.stage}.all"),
                *(
                    Cell(str(one.ends[end]), f"stage.{one.stage}.{end}" if one.ends[end] else "",
                         _share(one.ends[end], one.entered, context) if one.ends[end] else "")
                    for end in ENDS
                ),
                Cell(_days(one.median, context) if one.median is not None else "–"),
            ],
        )
        for one in lines
    ]  # fmt: skip
    return Table(
        "stages", _("Conversion by stage"),
        _("Of the times that a deal came to a stage in this time: what it did next."),
        [_("Came"), *(ends[end] for end in ENDS), _("Median time")], rows,
    )  # fmt: skip


def _rates(
    side: str, rates: Sequence[Rate], label: Callable[[Any], str], context: Context
) -> Table:
    titles = {
        "source": _("Win rate by source"), "owner": _("Win rate by owner"),
        "industry": _("Win rate by industry of the company"),
        "product": _("Win rate by product"),
    }  # fmt: skip
    rows = [
        (
            label(one.key),
            [
                Cell(str(one.won), f"{side}.won.{one.key or ''}" if one.won else ""),
                Cell(str(one.lost), f"{side}.lost.{one.key or ''}" if one.lost else ""),
                Cell(_percent(one.share, context)),
                *([] if one.worth is None else [Cell(_money(one.worth, context))]),
            ],
        )
        for one in rates
    ]
    why = _("Of the deals that were won or lost in this time.")
    if side == "product":
        why = _("Of the same deals, where it stands in the quote that was accepted, or in one that "
                "was sent if the deal was lost; options count if chosen. A deal with several "
                "products counts at each, so there is no worth.")  # fmt: skip
    columns = [pgettext("deal", "Won"), pgettext("deal", "Lost"), _("Win rate")]
    return Table(side, titles[side], why, columns + [_("Worth")] * (side != "product"), rows)


def _labels(side: str, rates: Sequence[Rate], tree: Tree, context: Context) -> Callable[[Any], str]:
    if side == "owner":
        return lambda key: tree.name_of("person", key) or _("Nobody")
    if side == "product":
        keys = [("product", one.key) for one in rates]
        titles = access.titles(context.principal, keys, context.language)
        return lambda key: titles[key].text if key in titles else _("Not said")
    kind = registry.get("company").fields["industry"] if side == "industry" else None
    return lambda key: str((kind.plain(key, context) if kind and key else key) or _("Not said"))


def _cohorts(found: Sequence[Cohort], today: date, context: Context) -> Table:
    rows = [
        (
            format_month(one.month, context.language),
            [
                Cell(str(one.made), f"cohort.{one.month:%Y-%m}.all"),
                *(_within(one, days, today, context) for days in WITHIN),
            ],
        )
        for one in found
    ]
    return Table(
        "cohorts", _("By the month they were made"),
        _("How many of the deals that were made in a month were won within so many days. Where "
          "not all of them are that old yet, it says so far."),
        [_("Made"), *(ngettext("%(n)d day", "%(n)d days", one) % {"n": one} for one in WITHIN)],
        rows,
    )  # fmt: skip


def _within(one: Cohort, days: int, today: date, context: Context) -> Cell:
    won, month = one.won[days], f"{one.month:%Y-%m}"
    is_over = today >= one.month + timedelta(days=days + 31)
    note = _share(won, one.made, context) if is_over else _("so far")
    return Cell(str(won), f"cohort.{month}.{days}" if won else "", note)


def _share(part: int, whole: int, context: Context) -> str:
    return _percent(Decimal(part) / whole, context) if whole else ""


def _percent(share: Decimal, context: Context) -> str:
    return format_percent(Decimal(round(share * 100)), context.language)


def _days(length: timedelta, context: Context) -> str:
    days = Decimal(length.total_seconds() / 86400).quantize(TENTH)
    return _("%(n)s days") % {"n": format_decimal(days, context.language)}


def _money(amount: Decimal, context: Context) -> str:
    return format_money(Decimal(round(amount)), context.currency, context.language)
