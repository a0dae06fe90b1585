"""Questions about products: what they cost and why, how much is there. Nothing here writes."""

from rapport.catalog.queries.parts import Line
from rapport.catalog.queries.prices import Priced, Step, price_of
from rapport.catalog.queries.stock import (
    Level,
    Promise,
    levels_of,
    movements_of,
    promises_of,
    stocked,
    to_reorder,
)

__all__ = [
    "Level",
    "Line",
    "Priced",
    "Promise",
    "Step",
    "levels_of",
    "movements_of",
    "price_of",
    "promises_of",
    "stocked",
    "to_reorder",
]
