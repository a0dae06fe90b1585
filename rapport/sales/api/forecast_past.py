"""What changed in the forecast, and how right it was, for programs."""

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
from rapport.sales.models.quota import SPANS
from rapport.sales.parts.forecast_span import (
    read_categories,
    read_part,
    read_since,
    read_span,
    read_step,
    read_weeks,
)
from rapport.sales.queries import (
    OPEN,
    STEPS,
    Accuracy,
    Asked,
    Error,
    Line,
    accuracy,
    changes_since,
    check_forecast,
    deals_behind,
    sales_tree,
    snapshot_before,
)
from rapport.sales.queries.forecast_accuracy import WEEKS

CENT = Decimal("0.01")
DAY_OR_NULL = {"type": ["string", "null"], "format": "date"}
COUNT = {"type": "integer"}


def list_changes(request: Request) -> HttpResponse:
    """The steps from the figure of a day to that of today, and the deals behind one of them."""
    only(request, {"by", "from", "since", "of", "category", "step"})
    check_forecast(request.principal)
    context, typed = page_context(request), request.GET.dict()
    today = timezone.localdate(timezone=context.timezone)
    tree = sales_tree()
    _by, span = read(read_span, typed, request.workspace, today)
    part, categories = read(read_part, typed, tree), read(read_categories, typed)
    step = read(read_step, typed)
    since = snapshot_before(read(read_since, typed, request.workspace, today))
    answer: dict[str, Any] = {
        "currency": context.currency, "from": str(span.first), "until": str(span.end),
        "since": str(since.day) if since else None, "before": None, "after": None, "steps": [],
    }  # fmt: skip
    if since is not None:
        asked = Asked(span, categories, since, part)
        found = changes_since(request.principal, asked, tree)
        answer |= {"before": _text(found.before), "after": _text(found.after)}
        answer["steps"] = [
            {"step": one.name, "amount": _text(one.amount), "deals": one.deals}
            for one in found.steps
        ]
        if step:
            rows, _total = deals_behind(request.principal, asked, tree, step)
            answer["deals"] = [
                {"id": str(one.deal), "before": _text(one.before), "after": _text(one.after),
                 "amount": _text(one.amount)}
                for one in rows
            ]  # fmt: skip
    return answer_json(answer)


def list_accuracy(request: Request) -> HttpResponse:
    """What was foreseen of past times, beside what was won."""
    only(request, {"by", "weeks"})
    check_forecast(request.principal)
    context, typed = page_context(request), request.GET.dict()
    today = timezone.localdate(timezone=context.timezone)
    _by, now = read(read_span, typed, request.workspace, today)
    weeks = read(read_weeks, typed)
    found = accuracy(request.principal, now, weeks, context.timezone, sales_tree())
    times = [
        {"from": str(one.span.first), "until": str(one.span.end),
         "snapshot": str(one.snapshot) if one.snapshot else None}
        for one in found.times
    ]  # fmt: skip
    data = [_line(one, found) for one in found.lines]
    return answer_json({"currency": context.currency, "times": times, "data": data})


def _line(line: Line, found: Accuracy) -> Mapping[str, Any]:
    cells = [(one.span.first, line.months[one.span.first]) for one in found.times if one.snapshot]
    return {
        "kind": line.kind, "id": str(line.key) if line.key else None, "label": line.label,
        "times": [
            {"from": str(first), "foreseen": _text(cell.of("foreseen")),
             "weighted": _text(cell.of("weighed")), "won": _text(cell.of("won")),
             "deals": cell.deals}
            for first, cell in cells
        ],
        **_error(found.error_of(line)),
    }  # fmt: skip


def _error(error: Error) -> Mapping[str, Any]:
    return {
        "off": _text(error.off),
        "bias": None if error.bias is None else f"{error.bias:.4f}",
        "miss": None if error.miss is None else f"{error.miss:.4f}",
    }


def _text(amount: Decimal) -> str:
    return str(amount.quantize(CENT))


def _listed(**properties: Any) -> dict[str, Any]:
    required = [name for name in properties if name != "deals"]
    return {"type": "object", "required": required, "properties": properties}


def _array(**properties: Any) -> dict[str, Any]:
    items = {"type": "object", "required": list(properties), "properties": properties}
    return {"type": "array", "items": items}


CHANGES = _listed(
    **{"currency": TEXT, "from": DAY, "until": DAY, "since": DAY_OR_NULL, "before": TEXT_OR_NULL,
       "after": TEXT_OR_NULL},
    steps=_array(step={"enum": list(STEPS)}, amount=TEXT, deals=COUNT),
    deals=_array(id=KEY, before=TEXT, after=TEXT, amount=TEXT),
)  # fmt: skip
ACCURACY = _listed(
    currency=TEXT,
    times=_array(**{"from": DAY, "until": DAY, "snapshot": DAY_OR_NULL}),
    data=_array(
        kind={"enum": ["all", "team", "person"]}, id=TEXT_OR_NULL, label=TEXT,
        times=_array(**{"from": DAY, "foreseen": TEXT, "weighted": TEXT, "won": TEXT,
                        "deals": COUNT}),
        off=TEXT, bias=TEXT_OR_NULL, miss=TEXT_OR_NULL,
    ),
)  # fmt: skip


def past_paths(principal: Principal) -> dict[str, Any]:
    """The paths, for whoever may ask."""
    try:
        check_forecast(principal)
    except access.Denied:
        return {}
    part = ruled(TEXT, "team: or person: and a key; nobody; nothing is everybody.")
    changes = [
        *span_parameters(),
        parameter("since", ruled(DAY, "Until today; the first of this week unless said.")),
        parameter("of", part),
        parameter("category", {"type": "string", "enum": list(OPEN)}, text="All unless said."),
        parameter("step", {"type": "string", "enum": list(STEPS)}, text="Whose deals to list."),
    ]
    by, weeks = {"type": "string", "enum": list(SPANS)}, {"type": "integer", "enum": list(WEEKS)}
    past = [
        parameter("by", by, text="How long: a quarter unless said."),
        parameter("weeks", weeks, text="Before the end; four unless said."),
    ]
    return {
        "/forecast/changes": {
            "get": operation(
                "forecast", "list_forecast_changes", "What changed in the forecast since a day",
                {"200": json_content("Steps that add up from before to after.", CHANGES)}, 403, 422,
                parameters=changes,
            )
        },
        "/forecast/accuracy": {
            "get": operation(
                "forecast", "list_forecast_accuracy", "How right past forecasts were",
                {"200": json_content("Everybody first, then each team and person.", ACCURACY)},
                403, 422, parameters=past,
            )
        },
    }  # fmt: skip
