"""The states of a quote as lanes of its board."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from rapport.accounts.principals import Principal
from rapport.records.declare import Lane
from rapport.sales.models.quote import STATES

type Ends = Literal["open", "won", "lost"]
ENDS: Mapping[str, Ends] = {"accepted": "won", "declined": "lost", "expired": "lost"}
#: A move that asks for more than the lane.
ACTIONS = {"declined": "decline"}


def lanes(principal: Principal, params: Mapping[str, str]) -> Sequence[Lane]:
    """The states, in the order of a quote's life; what a newer version replaced is left out."""
    return [
        Lane(state, str(label), state=ENDS.get(state, "open"), action=ACTIONS.get(state, ""))
        for state, label in STATES.items()
        if state != "replaced"
    ]
