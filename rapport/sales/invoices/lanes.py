"""The states of an invoice and of a dispute as lanes of their boards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from rapport.accounts.principals import Principal
from rapport.records.declare import Lane
from rapport.sales.models.dispute import STATES as DISPUTE_STATES
from rapport.sales.models.invoice import STATES

type Ends = Literal["open", "won", "lost"]
ENDS: Mapping[str, Ends] = {
    "paid": "won", "cancelled": "lost", "settled": "won", "rejected": "lost",
}  # fmt: skip
#: A move that asks for more than the lane.
ACTIONS = {"issued": "issue", "paid": "pay", "partly_paid": "pay", "cancelled": "credit"}


def invoice_lanes(principal: Principal, params: Mapping[str, str]) -> Sequence[Lane]:
    """The states, in the order of an invoice's life."""
    return [
        Lane(state, str(label), state=ENDS.get(state, "open"), action=ACTIONS.get(state, ""))
        for state, label in STATES.items()
    ]


def dispute_lanes(principal: Principal, params: Mapping[str, str]) -> Sequence[Lane]:
    """The states, in the order of a dispute's life."""
    return [
        Lane(state, str(label), state=ENDS.get(state, "open"))
        for state, label in DISPUTE_STATES.items()
    ]
