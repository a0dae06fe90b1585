"""The part of the OpenAPI document that tells of roles, to owners."""

from __future__ import annotations

from typing import Any

from rapport.accounts.models import FieldLevel
from rapport.accounts.principals import ACTIONS, RULED, Principal, Scope
from rapport.records.surfaces.api.openapi_parts import (
    NOT_BLANK,
    TEXT,
    json_content,
    parameter,
    ruled,
)
from rapport.setup.api.granting import EDIT
from rapport.setup.api.openapi_parts import body, changes, made, makes, one, reads, removes, shown

SCOPE = {"type": "string", "enum": [scope.value for scope in Scope]}
SCOPES: dict[str, Any] = {
    "type": ["object", "null"],
    "properties": dict.fromkeys(ACTIONS, SCOPE),
    "additionalProperties": False,
}
CONDITION = {"type": ["object", "null"]}
LEVEL = {"type": "string", "enum": [*FieldLevel.Level.values, EDIT]}
NAME = ruled({**NOT_BLANK, "maxLength": 40}, "A name that no other role has.")


def _by_object(schema: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "additionalProperties": schema}


GRANTS = _by_object(SCOPES)
RULES = _by_object(
    {
        "type": "object",
        "properties": {action: {"type": "object"} for action in RULED},
        "additionalProperties": False,
    }
)
FIELDS = _by_object({"type": "object", "additionalProperties": LEVEL})
ROLE_NEW: dict[str, Any] = {"name": NAME, "like": ruled(TEXT, "The key of a role.")}
ROLE_CHANGE: dict[str, Any] = {
    "name": NAME,
    "grants": ruled(GRANTS, "By object, “*” for all others; null follows “*”. Not the owner's."),
    "rules": ruled(RULES, "Conditions of actions whose scope is “rule”, by object."),
    "fields": ruled(FIELDS, "Fields that may be restricted, by object. Not the owner's."),
}
ROLE: dict[str, Any] = {
    "key": TEXT, "name": TEXT, "is_builtin": {"type": "boolean"}, "grants": GRANTS,
    "rules": _by_object(_by_object(CONDITION)), "fields": FIELDS,
}  # fmt: skip
A_ROLE = {
    "key": "field_sales", "name": "Field sales", "is_builtin": False,
    "grants": {"*": {**dict.fromkeys(ACTIONS, "own"), "import": "none"}},
    "rules": {}, "fields": {"person": {"birthday": "hidden"}},
}  # fmt: skip
ROLE_KEY = parameter(
    "key", {"type": "string", "pattern": "^[-a-zA-Z0-9_]+$"}, "path", required=True
)


def role_paths(principal: Principal) -> dict[str, Any]:
    """The paths, for whoever may ask for them."""
    if not principal.is_owner:
        return {}
    role = one(ROLE, A_ROLE)
    listed = {
        "type": "object",
        "required": ["data"],
        "properties": {"data": {"type": "array", "items": role}},
    }
    new = {"name": "Field sales", "like": "member"}
    less = {"grants": {"deal": {"delete": "none"}}, "fields": {"person": {"birthday": "hidden"}}}
    return {
        "/roles": {
            "get": reads("roles", "list_roles", "Roles", {"200": json_content("All.", listed)}),
            "post": makes(
                "roles", "create_role", "Make a role like another", made(role),
                requestBody=body(ROLE_NEW, new, ("name", "like")),
            ),
        },
        "/roles/{key}": {
            "parameters": [ROLE_KEY],
            "get": reads("roles", "get_role", "A role, and what it may", shown(role)),
            "patch": changes(
                "roles", "change_role", "Change what a role may", shown(role),
                requestBody=body(ROLE_CHANGE, less),
            ),
            "delete": removes("roles", "delete_role", "Remove a role"),
        },
    }  # fmt: skip
