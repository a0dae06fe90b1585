"""The review of open deals, for programs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.http import HttpResponse

from rapport.accounts.principals import Principal
from rapport.accounts.request import Request
from rapport.records import access
from rapport.records.kinds import Context
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
from rapport.sales.api.forecast_asked import only, read
from rapport.sales.parts.flag_words import LABELS, sentence_of
from rapport.sales.parts.whose import read_flag, read_pipeline, read_whose
from rapport.sales.queries import (
    LISTED,
    Flag,
    ReviewPart,
    check_review,
    deals_to_review,
    flags_of,
    glance,
    review,
    sales_tree,
)

CENT = Decimal("0.01")
COLUMNS = ("pk", "name", "owner_id", "amount_base")


def list_review(request: Request) -> HttpResponse:
    """The sums by owner and by reason, and the most valuable deals with their reasons."""
    only(request, {"of", "pipeline", "flag"})
    principal, typed = request.principal, request.GET.dict()
    check_review(principal)
    context = page_context(request)
    _of, owned = read(read_whose, typed, principal, sales_tree())
    _pipeline, within = read(read_pipeline, typed, principal)
    flags = read(read_flag, typed, LABELS)
    seen = glance(principal)
    found = review(seen, owned & within, flags, context)
    deals = deals_to_review(seen, owned & within, flags, context)
    rows = list(deals.order_by("-amount_base", "pk").values(*COLUMNS)[:LISTED])
    reasons = flags_of(seen, [row["pk"] for row in rows], context)
    return answer_json(
        {
            "currency": context.currency, "told": list(found.told), "all": _part(found.whole),
            "owners": [
                {"id": str(key) if key else None, **_part(part)}
                for key, part in found.owners.items()
            ],
            "flags": [
                {"flag": name, "deals": part.deals, "worth": _text(part.worth)}
                for name, part in found.by_flag.items()
            ],
            "data": [_deal(row, reasons, context) for row in rows],
        }
    )  # fmt: skip


def _part(part: ReviewPart) -> dict[str, Any]:
    return {
        "deals": part.deals, "worth": _text(part.worth), "flagged": part.flagged,
        "at_stake": _text(part.at_stake),
    }  # fmt: skip


def _deal(
    row: Mapping[str, Any], reasons: Mapping[UUID, Sequence[Flag]], context: Context
) -> dict[str, Any]:
    return {
        "id": str(row["pk"]), "name": row["name"],
        "owner": str(row["owner_id"]) if row["owner_id"] else None,
        "worth": None if row["amount_base"] is None else _text(row["amount_base"]),
        "flags": [
            {"flag": one.name, "reason": sentence_of(one, context.language, context.currency)}
            for one in reasons.get(row["pk"], ())
        ],
    }  # fmt: skip


def _text(amount: Decimal) -> str:
    return str(amount.quantize(CENT))


def _object(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "required": list(properties), "properties": properties}


def _list(**properties: Any) -> dict[str, Any]:
    return {"type": "array", "items": _object(**properties)}


COUNT, FLAG = {"type": "integer"}, {"enum": list(LABELS)}
SUMS = {"deals": COUNT, "worth": TEXT, "flagged": COUNT, "at_stake": TEXT}
LISTED_FORM = _object(
    currency=TEXT, told={"type": "array", "items": FLAG}, all=_object(**SUMS),
    owners=_list(id=TEXT_OR_NULL, **SUMS), flags=_list(flag=FLAG, deals=COUNT, worth=TEXT),
    data=_list(
        id=KEY, name=TEXT, owner=TEXT_OR_NULL, worth=TEXT_OR_NULL,
        flags=_list(flag=FLAG, reason=TEXT),
    ),
)  # fmt: skip


def review_paths(principal: Principal) -> dict[str, Any]:
    """The path, for whoever may ask."""
    try:
        check_review(principal)
    except access.Denied:
        return {}
    whose = "me, team, below, team: or person: and a key, nobody; nothing is all that you see."
    one = operation(
        "sales", "list_deal_review", "Open deals that are worth a look, and why",
        {"200": json_content("Sums, and up to 200 deals, the most valuable first.", LISTED_FORM)},
        403, 422,
        parameters=[
            parameter("of", ruled(TEXT, whose)),
            parameter("pipeline", ruled(KEY, "A pipeline that is here.")),
            parameter("flag", {"type": "string", **FLAG}, text="The deals with one reason."),
        ],
    )  # fmt: skip
    return {"/sales/review": {"get": one}}
