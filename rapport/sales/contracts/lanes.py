"""The states of a contract as lanes of its board."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rapport.accounts.principals import Principal
from rapport.records.declare import Lane
from rapport.sales.models.contract import STATES

#: A move that asks for more than the lane.
ACTIONS = {"notice": "give_notice"}


def lanes(principal: Principal, params: Mapping[str, str]) -> Sequence[Lane]:
    """The states, in the order of a contract's life."""
    return [
        Lane(state, str(label), state="lost" if state == "ended" else "open",
             action=ACTIONS.get(state, ""))
        for state, label in STATES.items()
    ]  # fmt: skip
