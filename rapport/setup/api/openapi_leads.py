"""The part of the OpenAPI document on who gets leads, what is asked of them, and how soon."""

from __future__ import annotations

from typing import Any

from rapport.accounts.principals import Principal
from rapport.contacts.actions.lead_questions import FORMS
from rapport.contacts.models import LeadRule
from rapport.contacts.models.lead import RATINGS
from rapport.records.surfaces.api.openapi_parts import (
    KEY,
    NOT_BLANK,
    TEXT,
    TEXT_OR_NULL,
    json_content,
    operation,
    parameter,
    ruled,
)
from rapport.setup.api.openapi_parts import GONE, IF_MATCH, body, makes, one, reads, shown

FLAG = {"type": "boolean"}
KEYS = {"type": "array", "items": KEY}
KEY_OR_NULL = {"type": ["string", "null"], "format": "uuid"}
USERS = "Users who work here."
WAYS = [str(one) for one in LeadRule.Way.values]


def _number(low: int, high: int, *, may_miss: bool = True) -> dict[str, Any]:
    types = ["integer", "null"] if may_miss else "integer"
    return {"type": types, "minimum": low, "maximum": high}


RULE_SENT: dict[str, Any] = {
    "name": ruled({**NOT_BLANK, "maxLength": 100}, "A name that can be kept."),
    "is_on": FLAG,
    "position": ruled(_number(0, 100, may_miss=False), "From 0; behind the last it is the last."),
    "where": ruled({**TEXT, "maxLength": 4000}, "Conditions on leads as in a list; empty for all."),
    "way": ruled({"type": "string", "enum": WAYS}, "Turn and least take users, a team or a role."),
    "users": ruled(KEYS, USERS),
    "team": ruled(KEY_OR_NULL, "A team that is there."),
    "role": ruled(TEXT_OR_NULL, "The key of a role that is there."),
    "field": ruled(TEXT, "Of a table: a field of leads, or as person.country."),
    "table": ruled({"type": "object", "additionalProperties": KEY}, USERS),
    "most": _number(1, 10_000),
    "prefers_present": FLAG,
}
RULE: dict[str, Any] = {"id": KEY, **RULE_SENT}
A_RULE = {
    "id": "01920000-0000-7000-8000-000000000004", "name": "Hot ones", "is_on": True, "position": 0,
    "where": "rating:hot", "way": "turn", "users": ["01920000-0000-7000-8000-000000000001"],
    "team": None, "role": None, "field": "", "table": {}, "most": None, "prefers_present": True,
}  # fmt: skip
POINTS = ruled(
    {**NOT_BLANK, "maxLength": 4000}, "A line each: answer = points; of text the points alone."
)
POINTS_SENT: dict[str, Any] = {"points": POINTS}
QUESTION_SENT: dict[str, Any] = {
    "field": ruled(TEXT_OR_NULL, "A field of one's own on leads; nothing for a new one."),
    "label": ruled({"type": ["string", "null"], "maxLength": 100}, "Of a new one: the question."),
    "kind": ruled({"type": ["string", "null"], "enum": [*FORMS, None]}, "Of a new one."),
    "points": POINTS,
}
QUESTION: dict[str, Any] = {
    "id": KEY, "position": {"type": "integer"}, "field": TEXT, "kind": TEXT,
    "label": {"type": "object", "additionalProperties": TEXT}, "points": TEXT,
}  # fmt: skip
A_QUESTION = {
    "id": "01920000-0000-7000-8000-000000000005", "position": 0, "field": "budget",
    "kind": "choice", "label": {"en": "Is there a budget?"}, "points": "Yes = 20\nNo = 0",
}  # fmt: skip
TARGET = {
    "type": "object", "required": ["source", "rating", "minutes"], "additionalProperties": False,
    "properties": {
        "source": {**TEXT, "maxLength": 100}, "rating": {"type": "string", "enum": ["", *RATINGS]},
        "minutes": _number(1, 100_000, may_miss=False),
    },
}  # fmt: skip
SETTINGS_SENT: dict[str, Any] = {
    "targets": {"type": "array", "items": TARGET, "maxItems": 100},
    "minutes": _number(1, 100_000),
    "warn_minutes": _number(0, 10_000, may_miss=False),
    "tells_manager": FLAG,
    "goal": _number(0, 10_000),
}
SETTINGS = {
    "targets": [{"source": "Website", "rating": "hot", "minutes": 15}], "minutes": 240,
    "warn_minutes": 15, "tells_manager": True, "goal": 35,
}  # fmt: skip


def lead_paths(principal: Principal) -> dict[str, Any]:
    """The paths, for whoever may ask for them."""
    if not principal.administers:
        return {}
    rule, question = one(RULE, A_RULE), one(QUESTION, A_QUESTION)
    settings = one(SETTINGS_SENT, SETTINGS)
    asked = {name: A_QUESTION[name] for name in ("kind", "points")}
    return {
        **_listed("rule", rule, body(RULE_SENT, _sent(A_RULE), ("name", "way")),
                  body(RULE_SENT, {"is_on": False})),
        **_listed("question", question,
                  body(QUESTION_SENT, {**asked, "label": "Is there a budget?"}, ("points",)),
                  body(POINTS_SENT, {"points": A_QUESTION["points"]}, ("points",))),
        "/lead-settings": {
            "get": reads("leads", "get_lead_settings", "Targets and goal", shown(settings)),
            "patch": _changes("change_lead_settings", "Change targets and goal", settings,
                              body(SETTINGS_SENT, {"goal": 35})),
        },
    }  # fmt: skip


def _sent(example: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in example.items() if name != "id"}


def _listed(name: str, schema: Any, new: Any, changed: Any) -> dict[str, Any]:
    listed = {
        "type": "object", "required": ["data"],
        "properties": {"data": {"type": "array", "items": schema}},
    }  # fmt: skip
    many, words = f"lead_{name}s", f"a {name} of leads"
    made = {"201": json_content("What was made.", schema)}
    return {
        f"/lead-{name}s": {
            "get": reads("leads", f"list_{many}", f"Each {name} of leads",
                         {"200": json_content("In their order.", listed)}),
            "post": makes("leads", f"create_lead_{name}", f"Add {words}", made, requestBody=new),
        },
        f"/lead-{name}s/{{{name}_id}}": {
            "parameters": [parameter(f"{name}_id", KEY, "path", required=True)],
            "patch": _changes(f"change_lead_{name}", f"Change {words}", schema, changed),
            "delete": operation("leads", f"delete_lead_{name}", f"Remove {words}", GONE,
                                400, 403, 404, 412, 422, parameters=[IF_MATCH]),
        },
    }  # fmt: skip


def _changes(identity: str, summary: str, schema: Any, sent: Any) -> dict[str, Any]:
    faults = (400, 403, 404, 409, 412, 413, 415, 422)
    return operation(
        "leads", identity, summary, shown(schema), *faults, parameters=[IF_MATCH], requestBody=sent
    )
