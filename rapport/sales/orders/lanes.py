"""The states of an order as lanes of its board."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from rapport.accounts.principals import Principal
from rapport.records.declare import Lane
from rapport.sales.models.order import STATES

type Ends = Literal["open", "won", "lost"]
ENDS: Mapping[str, Ends] = {"invoiced": "won", "cancelled": "lost"}


def lanes(principal: Principal, params: Mapping[str, str]) -> Sequence[Lane]:
    """The states, in the order of an order's life."""
    return [
        Lane(state, str(label), state=ENDS.get(state, "open")) for state, label in STATES.items()
    ]
