"""What we keep of users and groups, and how we say so (RFC 7643, 5 to 8)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rapport.accounts.scim.filters import plain_name

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
CONFIG = "urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"
RESOURCE_TYPE = "urn:ietf:params:scim:schemas:core:2.0:ResourceType"
SCHEMA = "urn:ietf:params:scim:schemas:core:2.0:Schema"
MOST_RESULTS = 200

type Document = dict[str, Any]


def _attribute(name: str, said: str, kind: str = "string", **more: Any) -> Document:
    """One attribute; what is not said of it is what RFC 7643 (2.2) takes for granted."""
    usual: Document = {
        "name": name,
        "type": kind,
        "description": said,
        "multiValued": False,
        "required": False,
        "mutability": "readWrite",
        "returned": "default",
    }
    if kind == "string":
        usual |= {"caseExact": False, "uniqueness": "none"}
    return usual | more


_READ_ONLY = {"mutability": "readOnly"}
_IMMUTABLE = {"mutability": "immutable"}

_NAME = [
    _attribute("formatted", "The whole name"),
    _attribute("familyName", "Family name"),
    _attribute("givenName", "Given name"),
]
_EMAIL = [
    _attribute("value", "The address", required=True),
    _attribute("display", "How it is shown"),
    _attribute("type", "Such as work", canonicalValues=["work", "home", "other"]),
    _attribute("primary", "Whether it is the one to sign in with", "boolean"),
]
_USERS_GROUP = [
    _attribute("value", "The key of the group", **_READ_ONLY),
    _attribute(
        "$ref", "Its address", "reference", referenceTypes=["Group"], caseExact=True, **_READ_ONLY
    ),
    _attribute("display", "Its name", **_READ_ONLY),
]
_MEMBER = [
    _attribute("value", "The key of the user", required=True, **_IMMUTABLE),
    _attribute(
        "$ref", "Their address", "reference", referenceTypes=["User"], caseExact=True, **_IMMUTABLE
    ),
    _attribute("type", "What it is", canonicalValues=["User"], **_IMMUTABLE),
]

USER_SCHEMA: Document = {
    "schemas": [SCHEMA],
    "id": USER,
    "name": "User",
    "description": "A colleague",
    "attributes": [
        _attribute("userName", "What the directory calls them", required=True, uniqueness="server"),
        _attribute("name", "The parts of the name", "complex", subAttributes=_NAME),
        _attribute("displayName", "How the name is shown"),
        _attribute("active", "Whether they may sign in", "boolean", required=True),
        _attribute(
            "emails", "The primary one, or the first, is the address to sign in with", "complex",
            multiValued=True, required=True, subAttributes=_EMAIL,
        ),
        _attribute(
            "groups", "Teams", "complex",
            multiValued=True, subAttributes=_USERS_GROUP, **_READ_ONLY,
        ),
    ],
}  # fmt: skip
GROUP_SCHEMA: Document = {
    "schemas": [SCHEMA],
    "id": GROUP,
    "name": "Group",
    "description": "A team",
    "attributes": [
        _attribute("displayName", "The name of the team", required=True, uniqueness="server"),
        _attribute("members", "Who is in it", "complex", multiValued=True, subAttributes=_MEMBER),
    ],
}
SCHEMAS = {one["id"]: one for one in (USER_SCHEMA, GROUP_SCHEMA)}
RESOURCE_TYPES = {
    name: {
        "schemas": [RESOURCE_TYPE],
        "id": name,
        "name": name,
        "description": schema["description"],
        "endpoint": f"/{name}s",
        "schema": schema["id"],
    }
    for name, schema in (("User", USER_SCHEMA), ("Group", GROUP_SCHEMA))
}
SERVICE: Document = {
    "schemas": [CONFIG],
    "patch": {"supported": True},
    "bulk": {"supported": False, "maxOperations": 0, "maxPayloadSize": 0},
    "filter": {"supported": True, "maxResults": MOST_RESULTS},
    "changePassword": {"supported": False},
    "sort": {"supported": True},
    "etag": {"supported": True},
    "authenticationSchemes": [
        {
            "type": "oauthbearertoken",
            "name": "Token",
            "description": "A token made in Rapport's settings, sent as a bearer token (RFC 6750)",
            "specUri": "https://www.rfc-editor.org/info/rfc6750",
            "primary": True,
        }
    ],
}

#: Of RFC 7643's users and of Okta's and Entra's we keep no more; they may send them all the same.
_PASSED_OVER = frozenset(
    {
        "addresses",
        "costcenter",
        "department",
        "description",
        "division",
        "employeenumber",
        "entitlements",
        "ims",
        "locale",
        "manager",
        "nickname",
        "organization",
        "password",
        "phonenumbers",
        "photos",
        "preferredlanguage",
        "profileurl",
        "roles",
        "timezone",
        "title",
        "usertype",
        "x509certificates",
    }
)


@dataclass(frozen=True, slots=True)
class Attribute:
    """An attribute as changes need to know it: its proper name, and the names of its parts."""

    name: str
    parts: Mapping[str, str]
    is_list: bool = False
    is_read_only: bool = False
    is_required: bool = False


type Shape = Mapping[str, Attribute]


def _shape(schema: Document) -> Shape:
    found = {
        "schemas": Attribute("schemas", {}, is_read_only=True),
        "id": Attribute("id", {}, is_read_only=True),
        "meta": Attribute("meta", {}, is_read_only=True),
        "externalid": Attribute("externalId", {}),
    }
    for one in schema["attributes"]:
        parts = {part["name"].lower(): part["name"] for part in one.get("subAttributes", ())}
        is_read_only = one["mutability"] == "readOnly"
        name = one["name"]
        found[name.lower()] = Attribute(
            name, parts, one["multiValued"], is_read_only, one["required"]
        )
    return found


USER_SHAPE = _shape(USER_SCHEMA)
GROUP_SHAPE = _shape(GROUP_SCHEMA)


def is_passed_over(name: str) -> bool:
    """Whether directories may send this though we don't keep it."""
    return name in _PASSED_OVER or name.startswith("urn:")


def kept(body: Mapping[str, Any], shape: Shape) -> Document:
    """What we keep of a resource, under its proper names; all else is passed over."""
    found: Document = {}
    for name, value in body.items():
        attribute = shape.get(plain_name(name))
        if attribute and not attribute.is_read_only and value not in (None, []):
            found[attribute.name] = _proper(value, attribute)
    return found


def proper_parts(value: Any, attribute: Attribute) -> Any:
    """A complex value with its parts under their proper names; what is no part is passed over."""
    if not isinstance(value, Mapping) or not attribute.parts:
        return value
    named = {attribute.parts.get(name.lower()): part for name, part in value.items()}
    return {name: part for name, part in named.items() if name and part is not None}


def _proper(value: Any, attribute: Attribute) -> Any:
    if attribute.is_list and isinstance(value, list):
        return [proper_parts(one, attribute) for one in value]
    return proper_parts(value, attribute)
