"""Managers' figures in the forecast, for programs."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from rapport.accounts.principals import Principal
from rapport.accounts.request import Request
from rapport.records import access
from rapport.records.kinds import Context
from rapport.records.store import Rejected
from rapport.records.surfaces.api.bodies import read_object
from rapport.records.surfaces.api.documents import answer_json
from rapport.records.surfaces.api.forms import form_of, has_form
from rapport.records.surfaces.api.openapi_parts import (
    KEY,
    TEXT,
    TEXT_OR_NULL,
    json_body,
    json_content,
    operation,
    ruled,
)
from rapport.records.surfaces.pages import page_context
from rapport.sales.actions import call_forecast
from rapport.sales.api.forecast_asked import DAY, only, read, span_parameters
from rapport.sales.models import ForecastCall
from rapport.sales.models.quota import SPANS
from rapport.sales.parts.forecast_call_form import FIELDS, read_given
from rapport.sales.parts.forecast_span import part_text, read_part, read_span
from rapport.sales.queries import (
    OPEN,
    CalledLine,
    called_lines,
    check_forecast,
    forecast,
    part_of,
    sales_tree,
)

CENT = Decimal("0.01")
NAMES = ("by", "from", "of", "category")
PART = "team: or person: and a key; nothing is everybody."


def list_calls(request: Request) -> HttpResponse:
    """Each line by deals and by what counts, and all calls of that time, the newest first."""
    only(request, {"by", "from"})
    check_forecast(request.principal)
    context = page_context(request)
    today = timezone.localdate(timezone=context.timezone)
    _by, span = read(read_span, request.GET.dict(), request.workspace, today)
    tree = sales_tree()
    found = forecast(request.principal, span, context.timezone, today, tree)
    lines, calls = called_lines(request.principal, found, context.currency, tree)
    return answer_json(
        {
            "currency": context.currency, "from": str(span.first), "until": str(span.end),
            "data": [_line(one) for one in lines], "calls": [_call(one) for one in calls],
        }
    )  # fmt: skip


def create_call(request: Request) -> HttpResponse:
    """Give a figure; without an amount, the deals count again."""
    access.check(request.principal, "edit", "deal")
    context = page_context(request)
    today = timezone.localdate(timezone=context.timezone)
    body = _checked(read_object(request), context)
    asked = {name: body[name] or "" for name in NAMES if name in body}
    _by, span = read_span(asked, request.workspace, today)
    part, given = read_part(asked, sales_tree()), read_given(body, context)
    made = call_forecast(
        request.principal, span, part, asked.get("category", ""), given.amount, given.note
    )
    return answer_json(_call(ForecastCall.objects.get(pk=made.pk)), 201)


def _checked(body: dict[str, Any], context: Context) -> dict[str, Any]:
    """The body, if its fields are those described. Raises Rejected."""
    known = {*NAMES, *FIELDS}
    faults = {name[:60]: _("This field can't be set.") for name in body.keys() - known}
    for name in body.keys() & {*NAMES}:
        if not isinstance(body[name], str | None):
            faults[name] = _("This is a text.")
    for name in body.keys() & FIELDS.keys():
        if not has_form(body[name], form_of(FIELDS[name])):
            faults[name] = _("This does not have the form that the API's description gives.")
    if faults:
        raise Rejected(faults)
    return body


def _line(one: CalledLine) -> dict[str, Any]:
    return {
        "kind": one.line.kind, "id": str(one.line.key) if one.line.key else None,
        "label": one.line.label,
        "figures": {
            name: {"by_deals": _text(figure.by_deals), "counts": _text(figure.counts),
                   "is_called": figure.call is not None}
            for name, figure in one.figures.items()
        },
    }  # fmt: skip


def _call(one: ForecastCall) -> dict[str, Any]:
    return {
        "id": str(one.pk), "of": part_text(part_of(one)), "category": one.category,
        "amount": None if one.amount is None else _text(one.amount), "note": one.note,
        "by": str(one.by) if one.by else None, "at": one.at.isoformat(),
    }  # fmt: skip


def _text(amount: Decimal) -> str:
    return str(amount.quantize(CENT))


def _object(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "required": list(properties), "properties": properties}


FIGURE = _object(by_deals=TEXT, counts=TEXT, is_called={"type": "boolean"})
CALL = _object(
    id=KEY, of=TEXT, category={"enum": list(OPEN)}, amount=TEXT_OR_NULL, note=TEXT,
    by=TEXT_OR_NULL, at={"type": "string", "format": "date-time"},
)  # fmt: skip
LINE = _object(
    kind={"enum": ["all", "team", "person"]}, id=TEXT_OR_NULL, label=TEXT,
    figures=_object(**dict.fromkeys(OPEN, FIGURE)),
)  # fmt: skip
LISTED = _object(
    **{"currency": TEXT, "from": DAY, "until": DAY},
    data={"type": "array", "items": LINE}, calls={"type": "array", "items": CALL},
)  # fmt: skip


def call_paths(principal: Principal) -> dict[str, Any]:
    """The path, for whoever may ask; whether one leads a part is found out by calling."""
    try:
        check_forecast(principal)
    except access.Denied:
        return {}
    listed = operation(
        "forecast", "list_forecast_calls", "Managers' figures in the forecast",
        {"200": json_content("Lines, and calls the newest first.", LISTED)}, 403, 422,
        parameters=span_parameters(),
    )  # fmt: skip
    if not access.may(principal, "edit", "deal"):
        return {"/forecast/calls": {"get": listed}}
    given = {
        "by": {"type": "string", "enum": list(SPANS)}, "from": ruled(DAY, "Any day in it."),
        "of": ruled(TEXT, PART), "category": {"type": "string", "enum": list(OPEN)},
        **{name: form_of(kind) for name, kind in FIELDS.items()},
    }  # fmt: skip
    schema = {
        "type": "object", "required": ["category"], "properties": given,
        "additionalProperties": False,
    }  # fmt: skip
    create = operation(
        "forecast", "create_forecast_call", "Give a figure of one's own",
        {"201": json_content("The call; without an amount, deals count again.", CALL)},
        400, 403, 413, 415, 422, requestBody=json_body(schema),
    )  # fmt: skip
    return {"/forecast/calls": {"get": listed, "post": create}}
