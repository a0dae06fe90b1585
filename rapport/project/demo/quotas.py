"""What the owner of the sample company is to sell."""

from __future__ import annotations

from datetime import date

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
