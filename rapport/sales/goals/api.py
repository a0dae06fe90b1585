"""How far goals are, for programs."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.http import HttpResponse

from rapport.accounts.principals import Principal
from rapport.accounts.request import Request
from rapport.records import access
from rapport.records.surfaces.api.documents import answer_json
from rapport.records.surfaces.api.openapi_parts import (
    TEXT,
    TEXT_OR_NULL,
    json_content,
    operation,
    parameter,
    ruled,
)
from rapport.records.surfaces.pages import page_context
from rapport.sales.api.forecast_asked import only, read
from rapport.sales.goals.shown import Shown, goals_shown
from rapport.sales.models.goal import COUNTED
from rapport.sales.parts.whose import read_whose
from rapport.sales.queries import sales_tree

SPAN = {"type": "string", "enum": ["week", "month"]}
PROGRESS: dict[str, Any] = {
    "type": "object",
    "required": ["owner", "counts", "span", "done", "target", "usual_by_now"],
    "properties": {
        "owner": TEXT, "counts": {"type": "string", "enum": list(COUNTED)}, "span": SPAN,
        "done": TEXT, "target": {"type": "integer"}, "usual_by_now": TEXT_OR_NULL,
    },
}  # fmt: skip


def list_progress(request: Request) -> HttpResponse:
    """Goals that hold now, and what was done of each in the running week or month."""
    only(request, {"of"})
    principal = request.principal
    access.check(principal, "view", "goal")
    _of, owned = read(read_whose, request.GET.dict(), principal, sales_tree())
    found = goals_shown(owned, page_context(request))
    return answer_json({"data": [_told(one) for one in found]})


def _told(one: Shown) -> dict[str, Any]:
    done, target, usual = one.numbers
    return {
        "owner": str(one.owner), "counts": one.counts, "span": one.span, "done": f"{done:f}",
        "target": target,
        "usual_by_now": None if usual is None else f"{usual.quantize(Decimal('0.01'))}",
    }  # fmt: skip


def progress_paths(principal: Principal) -> dict[str, Any]:
    """The path, for whoever may ask."""
    if not access.may(principal, "view", "goal"):
        return {}
    whose = "me, team, below, team: or person: and a key, nobody; nothing is all that you see."
    shown = {"type": "object", "required": ["data"], "properties": {
        "data": {"type": "array", "items": PROGRESS}}}  # fmt: skip
    one = operation(
        "sales", "list_goal_progress", "Goals that hold now, and what was done of each",
        {"200": json_content("Done in the running week or month, as decimal text.", shown)},
        403, 422,
        parameters=[parameter("of", ruled(TEXT, whose))],
    )  # fmt: skip
    return {"/sales/goals": {"get": one}}
