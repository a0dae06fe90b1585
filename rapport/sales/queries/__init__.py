"""Questions about pipelines, deals and forecasts; nothing here writes."""

from rapport.sales.queries.conversion import (
    ENDS,
    WITHIN,
    Cohort,
    Question,
    Rate,
    StageLine,
    Velocity,
    check_conversion,
    cohorts,
    deals_of_number,
    sides_of,
    stage_lines,
    velocity,
    win_rates,
)
from rapport.sales.queries.deal_flags import Flag, Glance, flags_of, glance
from rapport.sales.queries.deal_review import (
    LISTED,
    Review,
    check_review,
    deals_to_review,
    review,
)
from rapport.sales.queries.deal_review import Part as ReviewPart
from rapport.sales.queries.forecast import OPEN, Forecast, check_forecast, forecast
from rapport.sales.queries.forecast_accuracy import Accuracy, Error, accuracy
from rapport.sales.queries.forecast_calls import (
    CalledLine,
    called_lines,
    led_by,
    may_call,
    part_of,
)
from rapport.sales.queries.forecast_changes import (
    SHOWN,
    STEPS,
    Asked,
    Changes,
    Moved,
    Part,
    changes_since,
    deals_behind,
    snapshot_before,
)
from rapport.sales.queries.forecast_lines import Cell, Line, Span
from rapport.sales.queries.forecast_pace import Pace, pace
from rapport.sales.queries.lead_matches import Match, companies_like, company_of, people_like
from rapport.sales.queries.outcomes import Outcome, outcomes, rivals
from rapport.sales.queries.recurring import (
    MOVES,
    InCurrency,
    Recurring,
    RecurringAsked,
    RecurringMonth,
    by_currency,
    check_recurring,
    contracts_behind,
    recurring,
)
from rapport.sales.queries.revenue_model import revenue_model
from rapport.sales.queries.sales_tree import Tree, sales_tree
from rapport.sales.queries.stages import chance_of, first_pipeline, lanes, place_after, place_of

__all__ = [
    "ENDS", "LISTED", "MOVES", "OPEN", "SHOWN", "STEPS", "WITHIN", "Accuracy", "Asked",
    "CalledLine", "Cell", "Changes", "Cohort", "Error", "Flag", "Forecast", "Glance",
    "InCurrency", "Line", "Match", "Moved", "Outcome", "Pace", "Part", "Question", "Rate",
    "Recurring", "RecurringAsked", "RecurringMonth", "Review", "ReviewPart", "Span",
    "StageLine", "Tree", "Velocity", "accuracy", "by_currency", "called_lines", "chance_of",
    "changes_since", "check_conversion", "check_forecast", "check_recurring", "check_review",
    "cohorts", "companies_like", "company_of", "contracts_behind", "deals_behind",
    "deals_of_number", "deals_to_review", "first_pipeline", "flags_of", "forecast", "glance",
    "lanes", "led_by", "may_call", "outcomes", "pace", "part_of", "people_like", "place_after",
    "place_of", "recurring", "revenue_model", "review", "rivals", "sales_tree", "sides_of",
    "snapshot_before", "stage_lines", "velocity", "win_rates",
]  # fmt: skip
