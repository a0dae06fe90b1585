"""Which months a forecast is about, whose deals and since when, as addresses say it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import cast
from uuid import UUID

from django.utils.translation import gettext as _

from rapport.accounts.models import Workspace
from rapport.kit.periods import NotAPeriod, period
from rapport.records.store import Rejected
from rapport.sales.models.quota import SPANS
from rapport.sales.queries import OPEN, STEPS, Part, Span, Tree
from rapport.sales.queries.forecast_accuracy import WEEKS
from rapport.sales.queries.sales_tree import Kind


def read_span(asked: Mapping[str, str], workspace: Workspace, today: date) -> tuple[str, Span]:
    """Its length, and the span: `by` is month, quarter or year, `from` any day in it.

    Quarters and years are those of the workspace's fiscal year. Raises Rejected.
    """
    by = asked.get("by") or "quarter"
    if by not in SPANS:
        raise Rejected({"by": _("Say month, quarter or year.")})
    try:
        day = date.fromisoformat(asked["from"]) if asked.get("from") else today
        unit = by if by == "month" else f"fiscal_{by}"
        found = period(f"this_{unit}", day, fiscal_month=workspace.fiscal_year_start)
        span = Span(found.start or day, SPANS[by])
        # Pages lead to the one before and the one after.
        span.moved(-2), span.moved(2)
    except (ValueError, NotAPeriod):
        raise Rejected({"from": _("Write a day as 2026-10-01.")}) from None
    return by, span


def read_part(asked: Mapping[str, str], tree: Tree) -> Part:
    """Whose deals: `of` is nothing for everybody's, nobody, team:KEY or person:KEY.

    Raises Rejected.
    """
    text = asked.get("of", "")
    if text in ("", "nobody"):
        return Part("person") if text else Part()
    kind, _colon, typed = text.partition(":")
    try:
        part = Part(cast(Kind, kind), UUID(typed))
    except ValueError:
        part = Part()
    if kind not in ("team", "person") or tree.name_of(part.kind, part.key) is None:
        raise Rejected({"of": _("Say team or person and the key of one that is here.")})
    return part


def part_text(part: Part) -> str:
    """The same as an address says it."""
    if part.kind == "all":
        return ""
    return f"{part.kind}:{part.key}" if part.key else "nobody"


def read_categories(asked: Mapping[str, str]) -> tuple[str, ...]:
    """The one category, or all that are open. Raises Rejected."""
    name = asked.get("category", "")
    if name and name not in OPEN:
        raise Rejected({"category": _("Say commit, best_case or pipeline.")})
    return (name,) if name else OPEN


def read_since(asked: Mapping[str, str], workspace: Workspace, today: date) -> date:
    """Any day until today: the first of this week unless said. Raises Rejected."""
    text = asked.get("since", "")
    weekday = workspace.first_day_of_week
    if not text:
        return period("this_week", today, first_weekday=weekday).start or today
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise Rejected({"since": _("Write a day as 2026-10-01.")}) from None
    if day > today:
        raise Rejected({"since": _("Choose a day that is not ahead of us.")})
    return day


def read_weeks(asked: Mapping[str, str]) -> int:
    """How many weeks before the end: four unless said. Raises Rejected."""
    text = asked.get("weeks") or "4"
    if text not in map(str, WEEKS):
        raise Rejected({"weeks": _("Say one of %(ones)s.") % {"ones": ", ".join(map(str, WEEKS))}})
    return int(text)


def read_step(asked: Mapping[str, str]) -> str:
    """The step whose deals are asked for, or nothing. Raises Rejected."""
    step = asked.get("step", "")
    if step and step not in STEPS:
        raise Rejected({"step": _("Say one of %(ones)s.") % {"ones": ", ".join(STEPS)}})
    return step
