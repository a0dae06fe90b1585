"""Questions about pipelines and deals; nothing here writes."""

from rapport.sales.queries.outcomes import Outcome, outcomes, rivals
from rapport.sales.queries.stages import chance_of, first_pipeline, lanes, place_after, place_of

__all__ = [
    "Outcome", "chance_of", "first_pipeline", "lanes", "outcomes", "place_after", "place_of",
    "rivals",
]  # fmt: skip
