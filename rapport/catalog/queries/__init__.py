"""Questions about products: what they cost and why. Nothing here writes."""

from rapport.catalog.queries.prices import Line, Priced, Step, price_of

__all__ = ["Line", "Priced", "Step", "price_of"]
