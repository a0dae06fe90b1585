"""What customers of the sample company pay again and again: more than a year of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from rapport.kit.periods import add_months
from rapport.records.store import ChangeInProgress

COUNT = 30
SEED = 20261123
EVERY = {"month": 1, "quarter": 3, "year": 12}


def add_contracts(
    made: ChangeInProgress, customers: Sequence[tuple[UUID, UUID]], today: date
) -> None:
    """Contracts of the last two years; some grew, some shrank, some ended, some come up soon."""
    if not customers:
        return
    chance = Random(SEED)
    for place in range(COUNT):
        _add(made, chance, customers[place % len(customers)], place, today)


def _add(
    made: ChangeInProgress, chance: Random, customer: tuple[UUID, UUID], place: int,
    today: date,
) -> None:  # fmt: skip
    company, person = customer
    subjects = {
        "maintenance": _("Maintenance of measuring points"),
        "subscription": _("Platform for measured values"), "rental": _("Rental of probes"),
    }  # fmt: skip
    kind = list(subjects)[place % len(subjects)]
    start = add_months(today.replace(day=1), -chance.randrange(1, 22)) + timedelta(
        days=14 * (place % 2)
    )
    every = chance.choice(list(EVERY))
    price = Decimal(chance.randrange(8, 90) * 10)
    values: dict[str, Any] = {
        "name": subjects[kind], "kind": kind, "company": company, "person": person,
        "start": start, "term": 12, "state": "active", "every": every,
        "auto_renew": chance.random() < 0.7, "notice": chance.choice([1, 2, 3]),
        "amount": price * EVERY[every],
    }  # fmt: skip
    while add_months(start, values["term"]) <= today:
        values["term"] += 12
    key = made.create("contract", values | {"renewal_term": 12})
    months = (today.year - start.year) * 12 + today.month - start.month
    if place % 2:
        made.update("contract", key, {"lines": _lines(subjects[kind], values["amount"])})
    elif months > 4 and chance.random() < 0.5:
        factor = chance.choice([Decimal("1.2"), Decimal("1.4"), Decimal("0.8")])
        day = add_months(start, chance.randrange(2, months))
        made.update("contract", key, {"amount": values["amount"] * factor, "price_from": day})
    if place % 6 == 5 and months > 6:
        end = add_months(start, chance.randrange(4, months)) - timedelta(days=1)
        reason = chance.choice(["price", "competitor", "no_need"])
        made.update("contract", key, {"state": "ended", "end": end, "cancel_reason": reason})


def _lines(subject: str, amount: Decimal) -> list[dict[str, Any]]:
    """What the amount is made of."""
    blank: dict[str, Any] = {
        "id": None, "product": None, "quantity": Decimal(1), "unit": "", "discount": None,
        "tax": None, "sort": "line", "note": "", "every": "",
    }  # fmt: skip
    part = (amount * Decimal("0.3")).quantize(Decimal(1))
    priced = {subject: amount - part, _("Answers by telephone"): part}
    return [blank | {"name": name, "price": price} for name, price in priced.items()]
