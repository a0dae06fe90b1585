"""What a manager types, or a program sends, who gives a figure of his own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rapport.records.kinds import Context, Invalid, Kind
from rapport.records.kinds.number import Decimals
from rapport.records.kinds.text import Text
from rapport.records.store import Rejected

FIELDS: Mapping[str, Kind] = {
    "amount": Decimals(gettext_lazy("Amount"), low=0, high=10**12, places=2),
    "note": Text(gettext_lazy("Note")),
}


@dataclass(frozen=True, slots=True)
class Given:
    """A figure, None to take the one before back, and why."""

    amount: Decimal | None
    note: str


def read_given(typed: Mapping[str, Any], context: Context) -> Given:
    """The amount and the note. Raises Rejected."""
    faults: dict[str, Any] = {}
    values: dict[str, Any] = {}
    for name, kind in FIELDS.items():
        try:
            values[name] = kind.parse(typed.get(name), context)
        except Invalid as refused:
            faults[name] = str(refused)
    if faults:
        raise Rejected(faults)
    amount = values["amount"]
    if amount is not None and amount != amount.quantize(Decimal("0.01")):
        raise Rejected({"amount": _("An amount has two decimals at most.")})
    return Given(amount, values["note"] or "")
