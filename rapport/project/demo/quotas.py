"""What the owner of the sample company is to sell and to do."""

from __future__ import annotations

from datetime import date, timedelta

from rapport.accounts.models import Workspace
from rapport.kit.periods import period
from rapport.records.store import ChangeInProgress

AMOUNTS = {"this_fiscal_quarter": 240_000, "next_fiscal_quarter": 260_000}


def add_quotas(made: ChangeInProgress, today: date) -> None:
    """A quota for the running quarter and for the next."""
    workspace = Workspace.objects.get()
    for word, amount in AMOUNTS.items():
        found = period(word, today, fiscal_month=workspace.fiscal_year_start)
        values = {"span": "quarter", "begins": found.start, "amount": amount}
        made.create("quota", values | {"currency": workspace.currency})


GOALS = {"calls": 10, "meetings": 3, "leads": 4}


def add_goals(made: ChangeInProgress, today: date) -> None:
    """What to do each week, since two months, and to win each month."""
    begins = today - timedelta(weeks=8)
    for counts, target in GOALS.items():
        made.create("goal", {"counts": counts, "how_many": target, "begins": begins})
    monthly = {"counts": "amount", "how_many": 40_000, "span": "month", "begins": begins}
    made.create("goal", monthly)
