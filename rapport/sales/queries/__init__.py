"""Questions about pipelines, deals and forecasts; nothing here writes."""

from rapport.sales.queries.forecast import OPEN, Forecast, check_forecast, forecast
from rapport.sales.queries.forecast_lines import Cell, Line, Span
from rapport.sales.queries.outcomes import Outcome, outcomes, rivals
from rapport.sales.queries.stages import chance_of, first_pipeline, lanes, place_after, place_of

__all__ = [
    "OPEN", "Cell", "Forecast", "Line", "Outcome", "Span", "chance_of", "check_forecast",
    "first_pipeline", "forecast", "lanes", "outcomes", "place_after", "place_of", "rivals",
]  # fmt: skip
