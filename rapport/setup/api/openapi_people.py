"""The part of the OpenAPI document that tells of users and teams, to owners and managers."""

from __future__ import annotations

from typing import Any

from rapport.accounts.principals import Principal
from rapport.records.surfaces.api.openapi_parts import (
    KEY,
    NOT_BLANK,
    PAGE_SIZE,
    PLACE,
    TEXT,
    TEXT_OR_NULL,
    json_content,
    parameter,
    ruled,
)
from rapport.setup.api.openapi_parts import body, changes, made, makes, one, reads, removes, shown

FLAG = {"type": "boolean"}
MOMENT = {"type": "string", "format": "date-time"}
KEYS = {"type": "array", "items": KEY}
TEXTS = {"type": "array", "items": TEXT}
KEY_OR_NULL = {"type": ["string", "null"], "format": "uuid"}
ROLE = ruled(TEXT, "The key of a role that may do no more than you.")
PLACES: dict[str, Any] = {
    "role": ROLE,
    "further_roles": ruled(TEXTS, "Keys of roles that give no rank and may do no more than you."),
    "manager": ruled(KEY_OR_NULL, "A user who does not report to this one."),
    "teams": ruled(KEYS, "Teams that are there."),
}
EMAIL = ruled({**NOT_BLANK, "maxLength": 254}, "An address that nobody else has.")
NAME = ruled({**NOT_BLANK, "maxLength": 200}, "A name that can be kept.")
USER_NEW: dict[str, Any] = {"email": EMAIL, "name": NAME, **PLACES}
USER_CHANGE: dict[str, Any] = {"email": EMAIL, **PLACES, "is_active": FLAG}
USER: dict[str, Any] = {
    "id": KEY, "email": TEXT, "name": TEXT, "role": TEXT, "further_roles": TEXTS,
    "manager": KEY_OR_NULL, "teams": KEYS, "is_active": FLAG, "has_joined": FLAG,
    "language": TEXT, "timezone": TEXT, "created_at": MOMENT,
}  # fmt: skip
TEAM_SENT: dict[str, Any] = {
    "name": ruled({**NOT_BLANK, "maxLength": 100}, "A name that no other team has."),
    "parent": ruled(KEY_OR_NULL, "Another team, which is no part of this one."),
    "members": ruled(KEYS, "Users who are there."),
}
TEAM: dict[str, Any] = {"id": KEY, "name": TEXT, "parent": KEY_OR_NULL, "members": KEYS}

_USER_ID = "01920000-0000-7000-8000-000000000001"
_TEAM_ID = "01920000-0000-7000-8000-000000000002"
A_USER = {
    "id": _USER_ID, "email": "katharina.vogl@nordwind.example", "name": "Katharina Vogl",
    "role": "member", "further_roles": [], "manager": None, "teams": [_TEAM_ID],
    "is_active": True, "has_joined": True, "language": "en", "timezone": "Europe/Berlin",
    "created_at": "2026-11-23T09:30:00Z",
}  # fmt: skip
A_NEW_USER = {"email": A_USER["email"], "name": A_USER["name"], "role": "member"}
A_TEAM = {"id": _TEAM_ID, "name": "Sales North", "parent": None, "members": [_USER_ID]}
USER_ID = parameter("user_id", KEY, "path", required=True)
TEAM_ID = parameter("team_id", KEY, "path", required=True)


def people_paths(principal: Principal) -> dict[str, Any]:
    """The paths, for whoever may ask for them."""
    return _users() | _teams() if principal.administers else {}


def _users() -> dict[str, Any]:
    user = one(USER, A_USER)
    listed = {
        "type": "object",
        "required": ["data", "next"],
        "properties": {"data": {"type": "array", "items": user}, "next": TEXT_OR_NULL},
    }
    invited = one(
        {**USER, "invitation": TEXT_OR_NULL}, {**A_USER, "has_joined": False, "invitation": None}
    )
    asked = [
        parameter("limit", PAGE_SIZE),
        parameter("after", PLACE),
        parameter("email", TEXT, text="Only the user with this address."),
    ]
    return {
        "/users": {
            "get": reads(
                "users", "list_users", "Users", {"200": json_content("A page of them.", listed)},
                parameters=asked,
            ),
            "post": makes(
                "users", "invite_user", "Invite somebody", made(invited),
                requestBody=body(USER_NEW, A_NEW_USER, ("email", "name")),
            ),
        },
        "/users/{user_id}": {
            "parameters": [USER_ID],
            "get": reads("users", "get_user", "A user", shown(user)),
            "patch": changes(
                "users", "change_user", "Place, shut out or let in again", shown(user),
                requestBody=body(USER_CHANGE, {"is_active": False}),
            ),
        },
    }  # fmt: skip


def _teams() -> dict[str, Any]:
    team = one(TEAM, A_TEAM)
    listed = {
        "type": "object",
        "required": ["data"],
        "properties": {"data": {"type": "array", "items": team}},
    }
    sent = {name: value for name, value in A_TEAM.items() if name != "id"}
    return {
        "/teams": {
            "get": reads("teams", "list_teams", "Teams", {"200": json_content("All.", listed)}),
            "post": makes(
                "teams", "create_team", "Make a team", made(team),
                requestBody=body(TEAM_SENT, sent, ("name",)),
            ),
        },
        "/teams/{team_id}": {
            "parameters": [TEAM_ID],
            "get": reads("teams", "get_team", "A team", shown(team)),
            "patch": changes(
                "teams", "change_team", "Change a team", shown(team),
                requestBody=body(TEAM_SENT, {"name": "Sales South"}),
            ),
            "delete": removes("teams", "delete_team", "Remove a team"),
        },
    }  # fmt: skip
