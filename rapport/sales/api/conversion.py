"""Conversion and velocity, for programs."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils import timezone

from rapport.accounts.principals import Principal
from rapport.accounts.request import Request
from rapport.records import access
from rapport.records.surfaces.api.documents import answer_json
from rapport.records.surfaces.api.openapi_parts import (
    KEY,
    TEXT,
    TEXT_OR_NULL,
    json_content,
    operation,
    parameter,
    ruled,
)
from rapport.records.surfaces.pages import page_context
from rapport.sales.api.forecast_asked import DAY, only, read, span_parameters
from rapport.sales.parts.forecast_span import read_span
from rapport.sales.parts.whose import read_pipeline, read_whose
from rapport.sales.queries import (
    ENDS,
    WITHIN,
    Question,
    check_conversion,
    cohorts,
    sales_tree,
    sides_of,
    stage_lines,
    velocity,
    win_rates,
)


def show_funnel_json(request: Request) -> HttpResponse:
    """Stages, win rates, velocity and cohorts of a time."""
    only(request, {"by", "from", "of", "pipeline"})
    principal, typed = request.principal, {"by": "year", **request.GET.dict()}
    check_conversion(principal)
    context = page_context(request)
    today = timezone.localdate(timezone=context.timezone)
    _by, span = read(read_span, typed, request.workspace, today)
    _of, owned = read(read_whose, typed, principal, sales_tree())
    _pipeline, within = read(read_pipeline, typed, principal)
    asked = Question(span, context.timezone, owned & within)
    speed = velocity(principal, asked)
    return answer_json(
        {
            "currency": context.currency, "from": str(span.first), "until": str(span.end),
            "stages": [
                {"stage": str(one.stage), "entered": one.entered, **one.ends,
                 "median_seconds": one.median.total_seconds() if one.median else None}
                for one in stage_lines(principal, asked)
            ],
            "win_rates": [
                {"by": side, "of": None if one.key in ("", None) else str(one.key),
                 "won": one.won, "lost": one.lost,
                 "worth": None if one.worth is None else f"{one.worth:.2f}"}
                for side in sides_of(principal) for one in win_rates(principal, asked, side)
            ],
            "velocity": {
                "open": speed.open, "won": speed.won, "lost": speed.lost,
                "average": f"{speed.average:.2f}",
                "cycle_seconds": speed.cycle.total_seconds() if speed.cycle else None,
                "a_day": None if speed.a_day is None else f"{speed.a_day:.2f}",
            },
            "cohorts": [
                {"month": str(one.month), "made": one.made,
                 **{f"won_within_{days}": n for days, n in one.won.items()}}
                for one in cohorts(principal, asked, today)
            ],
        }
    )  # fmt: skip


def _object(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "required": list(properties), "properties": properties}


def _list(**properties: Any) -> dict[str, Any]:
    return {"type": "array", "items": _object(**properties)}


COUNT, SECONDS = {"type": "integer"}, {"type": ["number", "null"]}
SHOWN = _object(
    **{"currency": TEXT, "from": DAY, "until": DAY},
    stages=_list(
        stage=KEY, entered=COUNT, **dict.fromkeys(ENDS, COUNT), median_seconds=SECONDS
    ),
    win_rates=_list(by=TEXT, of=TEXT_OR_NULL, won=COUNT, lost=COUNT, worth=TEXT_OR_NULL),
    velocity=_object(
        open=COUNT, won=COUNT, lost=COUNT, average=TEXT, cycle_seconds=SECONDS, a_day=TEXT_OR_NULL
    ),
    cohorts=_list(month=DAY, made=COUNT, **{f"won_within_{days}": COUNT for days in WITHIN}),
)  # fmt: skip


def funnel_paths(principal: Principal) -> dict[str, Any]:
    """The path, for whoever may ask."""
    try:
        check_conversion(principal)
    except access.Denied:
        return {}
    whose = "me, team, below, team: or person: and a key, nobody; nothing is all that you see."
    one = operation(
        "sales", "show_sales_conversion", "How deals go on from stage to stage, and how fast",
        {"200": json_content("Stages, win rates, velocity and cohorts.", SHOWN)}, 403, 422,
        parameters=[
            *span_parameters(),
            parameter("of", ruled(TEXT, whose)),
            parameter("pipeline", ruled(KEY, "A pipeline that is here.")),
        ],
    )  # fmt: skip
    return {"/sales/conversion": {"get": one}}
