"""Which months a forecast is about, as addresses say it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.utils.translation import gettext as _

from rapport.accounts.models import Workspace
from rapport.kit.periods import NotAPeriod, period
from rapport.records.store import Rejected
from rapport.sales.models.quota import SPANS
from rapport.sales.queries import Span


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
