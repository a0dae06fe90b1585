"""The forecast, for programs."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from django.utils import timezone

from rapport.accounts.principals import Principal
from rapport.accounts.request import Request
from rapport.records import access
from rapport.records.surfaces.api.documents import answer_json
from rapport.records.surfaces.api.openapi_parts import (
    TEXT,
    TEXT_OR_NULL,
    json_content,
    operation,
)
from rapport.records.surfaces.pages import page_context
from rapport.sales.api.forecast_asked import only, read, span_parameters
from rapport.sales.parts.forecast_span import read_span
from rapport.sales.queries import OPEN, Cell, Line, Span, check_forecast, forecast

CENT = Decimal("0.01")
PARAMETERS = frozenset({"by", "from"})
CATEGORIES = ("won", *OPEN)
SUMS = {
    "type": "object",
    "required": [*CATEGORIES, "weighted", "deals"],
    "properties": {
        **dict.fromkeys((*CATEGORIES, "weighted"), TEXT),
        "deals": {"type": "integer"},
    },
}
MONTH = {
    "type": "object",
    "required": ["month", "sums"],
    "properties": {"month": {"type": "string", "format": "date"}, "sums": SUMS},
}
LINE = {
    "type": "object",
    "required": ["kind", "id", "label", "goal", "total", "months"],
    "properties": {
        "kind": {"enum": ["all", "team", "person"]}, "id": TEXT_OR_NULL, "label": TEXT,
        "goal": TEXT_OR_NULL, "total": SUMS, "months": {"type": "array", "items": MONTH},
    },
}  # fmt: skip
LISTED = {
    "type": "object",
    "required": ["currency", "from", "until", "late", "data"],
    "properties": {
        "currency": TEXT, "from": {"type": "string", "format": "date"},
        "until": {"type": "string", "format": "date"}, "late": {"type": "integer"},
        "data": {"type": "array", "items": LINE},
    },
}  # fmt: skip


def list_forecast(request: Request) -> HttpResponse:
    """Each line of the forecast; `until` is the first day after it."""
    only(request, PARAMETERS)
    context = page_context(request)
    today = timezone.localdate(timezone=context.timezone)
    # Whoever may not ask is told so, whatever he asks.
    check_forecast(request.principal)
    _by, span = read(read_span, request.GET.dict(), request.workspace, today)
    found = forecast(request.principal, span, context.timezone, today)
    return answer_json(
        {
            "currency": context.currency,
            "from": str(span.first),
            "until": str(span.end),
            "late": found.late,
            "data": [_line(one, span) for one in found.lines],
        }
    )


def _line(line: Line, span: Span) -> Mapping[str, Any]:
    return {
        "kind": line.kind,
        "id": str(line.key) if line.key else None,
        "label": line.label,
        "goal": None if line.goal is None else str(line.goal.quantize(CENT)),
        "total": _sums(line.total),
        "months": [{"month": str(one), "sums": _sums(line.months[one])} for one in span.each],
    }


def _sums(cell: Cell) -> Mapping[str, Any]:
    amounts = {name: str(cell.of(name).quantize(CENT)) for name in CATEGORIES}
    return {**amounts, "weighted": str(cell.weighted.quantize(CENT)), "deals": cell.deals}


def forecast_paths(principal: Principal) -> dict[str, Any]:
    """The path, for whoever may ask."""
    try:
        check_forecast(principal)
    except access.Denied:
        return {}
    one = operation(
        "forecast", "list_forecast", "What deals will bring by month, team and person",
        {"200": json_content("Everybody first, then each team and person.", LISTED)}, 403, 422,
        parameters=span_parameters(),
    )  # fmt: skip
    return {"/forecast": {"get": one}}
