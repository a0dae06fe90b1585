"""Permission tests for programs of administrators: listed, made, asked and taken away."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _

from rapport.accounts.principals import RULED, Principal
from rapport.accounts.request import Request
from rapport.records.models import PermissionTest
from rapport.records.permission_tests.keeping import (
    check_administrator,
    create_test,
    delete_test,
)
from rapport.records.permission_tests.running import run_tests
from rapport.records.permission_tests.telling import Told, told
from rapport.records.surfaces.api.bodies import read_object
from rapport.records.surfaces.api.collection import check_parameters
from rapport.records.surfaces.api.documents import answer_json
from rapport.records.surfaces.api.forms import has_form
from rapport.records.surfaces.api.openapi_parts import (
    ID,
    KEY,
    TEXT,
    json_body,
    json_content,
    operation,
    parameter,
    ruled,
)
from rapport.records.surfaces.api.problems import refuse_field
from rapport.records.surfaces.pages import page_context

#: What a body may say.
GIVEN = (
    "who", "who_id", "is_must", "action", "object", "field", "which", "which_id", "condition",
)  # fmt: skip


def list_tests(request: Request) -> HttpResponse:
    """All tests with what they last came to."""
    check_administrator(request.principal)
    check_parameters(request.GET, frozenset())
    return answer_json({"data": _documents(request.principal)})


def make_test(request: Request) -> HttpResponse:
    """Keep a test, asked at once: 201."""
    check_administrator(request.principal)
    body = _checked(read_object(request))
    made = create_test(request.principal, body, page_context(request))
    (one,) = told(request.principal, [made])
    return answer_json(_document(one), 201)


def _checked(body: dict[str, Any]) -> dict[str, Any]:
    """The body in the form that the document describes. Raises Problem."""
    for name, value in body.items():
        if name not in _WISH:
            raise refuse_field(name, _("There is no such field."))
        if not has_form(value, _WISH[name]):
            sentence = _("%(field)s doesn't have the form that the API's description gives.")
            raise refuse_field(name, sentence % {"field": name})
    for name in _NEEDED:
        if name not in body:
            raise refuse_field(name, _("This argument is missing."))
    return body


def run_all(request: Request) -> HttpResponse:
    """Ask all tests now; the answer is as that of the list."""
    check_administrator(request.principal)
    run_tests()
    return answer_json({"data": _documents(request.principal)})


def remove_test(request: Request, test_id: UUID) -> HttpResponse:
    """Forget a test."""
    delete_test(request.principal, test_id)
    return HttpResponse(status=204)


def _documents(asker: Principal) -> list[dict[str, Any]]:
    return [_document(one) for one in told(asker, PermissionTest.objects.all())]


def _document(one: Told) -> dict[str, Any]:
    test = one.test
    example = {"user": test.example_user_id, "record": test.example_record if one.example else None}
    return {
        "id": test.pk,
        **{name: getattr(test, name) for name in GIVEN},
        "says": one.says,
        "state": test.state,
        "people": test.people,
        "checked_at": test.checked_at,
        "example": example if test.state == PermissionTest.State.FAILS else None,
    }


_NEEDED = ("who", "who_id", "is_must", "action", "object")
_WISH: Mapping[str, Any] = {
    "who": {"type": "string", "enum": PermissionTest.Who.values},
    "who_id": KEY,
    "is_must": {"type": "boolean", "description": "Whether they must, or must not."},
    "action": {"type": "string", "enum": list(RULED)},
    "object": TEXT,
    "field": {"type": "string", "description": "Blank for the record; else to view or edit it."},
    "which": {"type": "string", "enum": PermissionTest.Which.values},
    "which_id": {"type": ["string", "null"], "format": "uuid"},
    "condition": {"type": ["object", "string", "null"]},
}
_RULES = {
    "who_id": "A user, a role or a team that is there.",
    "action": "Of a field only view and edit.",
    "object": "The name of an object.",
    "field": "The name of a field of the object.",
    "which": "Of a field or of an object without owners not all are meant.",
    "which_id": "Whose records, or which record.",
    "condition": "A condition that can be asked of the object.",
}
_TEST = {
    "type": "object",
    "required": ["id", *GIVEN, "says", "state", "people", "checked_at", "example"],
    "properties": {
        "id": ID,
        **_WISH,
        "says": TEXT,
        "state": {"type": "string", "enum": PermissionTest.State.values},
        "people": {"type": "integer"},
        "checked_at": {"type": ["string", "null"], "format": "date-time"},
        "example": {"type": ["object", "null"]},
    },
}
_LIST = {
    "type": "object",
    "required": ["data"],
    "properties": {"data": {"type": "array", "items": _TEST}},
}


def permission_test_paths(principal: Principal) -> dict[str, Any]:
    """The part of the OpenAPI document that tells of them, to administrators."""
    if not principal.administers:
        return {}
    listed = {"200": json_content("The tests.", _LIST)}
    made = {"201": json_content("The test, asked.", _TEST)}
    schema = {
        "type": "object",
        "required": list(_NEEDED),
        "properties": {
            **_WISH,
            **{name: ruled(_WISH[name], rule) for name, rule in _RULES.items()},
        },
        "additionalProperties": False,
    }
    key = parameter("test_id", {"type": "string", "format": "uuid"}, "path", required=True)
    gone = {"204": {"description": "Gone."}}
    tag = "permission-tests"
    return {
        "/permission-tests": {
            "get": operation(
                tag, "list_permission_tests", "Permission tests", listed, 403, 422
            ),
            "post": operation(
                tag, "create_permission_test", "Keep a test", made, 400, 403, 413, 415, 422,
                requestBody=json_body(schema),
            ),
        },
        "/permission-tests/run": {
            "post": operation(tag, "run_permission_tests", "Ask all now", listed, 403, 422)
        },
        "/permission-tests/{test_id}": {
            "parameters": [key],
            "delete": operation(tag, "delete_permission_test", "Forget a test", gone, 403, 404),
        },
    }  # fmt: skip
