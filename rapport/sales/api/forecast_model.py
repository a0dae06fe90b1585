"""What the model foresees, for programs."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse

from rapport.accounts.principals import Principal
from rapport.accounts.request import Request
from rapport.records import access
from rapport.records.surfaces.api.documents import answer_json
from rapport.records.surfaces.api.openapi_parts import (
    TEXT,
    json_content,
    operation,
    parameter,
    ruled,
)
from rapport.records.surfaces.pages import page_context
from rapport.sales.api.forecast_asked import DAY, only, read
from rapport.sales.models import RevenueModel
from rapport.sales.parts.forecast_span import read_part
from rapport.sales.queries import check_forecast, revenue_model, sales_tree

NUMBER = {"type": "number"}
MONTH = {
    "type": "object",
    "required": ["month", "amount", "low", "high"],
    "properties": {"month": DAY, "amount": NUMBER, "low": NUMBER, "high": NUMBER},
}
BACKTEST = {
    "type": ["object", "null"],
    "properties": {
        "months": {"type": "integer"}, "error": NUMBER, "naive_error": NUMBER, "held": NUMBER,
        "stretch": NUMBER,
    },
}  # fmt: skip
STATES = [*RevenueModel.State.values, "none"]
SHOWN = {
    "type": "object",
    "required": ["currency", "state", "months", "deals", "made_at", "data", "backtest"],
    "properties": {
        "currency": TEXT, "state": {"enum": STATES}, "months": {"type": "integer"},
        "deals": {"type": "integer"},
        "made_at": {"type": ["string", "null"], "format": "date-time"},
        "data": {"type": "array", "items": MONTH}, "backtest": BACKTEST,
    },
}  # fmt: skip


def show_model_json(request: Request) -> HttpResponse:
    """The months ahead with 80 % intervals, and how the model did when it was tried."""
    only(request, {"of"})
    check_forecast(request.principal)
    context, tree = page_context(request), sales_tree()
    part = read(read_part, request.GET.dict(), tree)
    found = revenue_model(request.principal, part, context.currency, tree)
    if found is None:
        nothing = {"state": "none", "months": 0, "deals": 0, "made_at": None, "data": []}
        return answer_json({"currency": context.currency, **nothing, "backtest": None})
    names = ("month", "amount", "low", "high")
    return answer_json(
        {
            "currency": found.currency, "state": found.state, "months": len(found.history),
            "deals": found.wins, "made_at": found.made_at.isoformat(),
            "data": [dict(zip(names, row, strict=True)) for row in found.ahead],
            "backtest": found.backtest or None,
        }
    )  # fmt: skip


def model_paths(principal: Principal) -> dict[str, Any]:
    """The path, for whoever may ask."""
    try:
        check_forecast(principal)
    except access.Denied:
        return {}
    part = parameter("of", ruled(TEXT, "team: and a key; nothing is everybody."))
    one = operation(
        "forecast", "show_forecast_model", "Revenue foreseen by a model from the months behind",
        {"200": json_content("Months ahead; none where it is not yours to see.", SHOWN)}, 403, 422,
        parameters=[part],
    )  # fmt: skip
    return {"/forecast/model": {"get": one}}
