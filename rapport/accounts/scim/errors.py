"""Errors as SCIM has them (RFC 7644, 3.12)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied, SuspiciousOperation, ValidationError
from django.db import DataError
from django.http import JsonResponse, UnreadablePostError
from django.utils.translation import gettext as _

from rapport.accounts.actions.actor import Refused

CONTENT_TYPE = "application/scim+json"
SCHEMA = "urn:ietf:params:scim:api:messages:2.0:Error"


class ScimError(Exception):
    """A request that can't be done: the status, a sentence, and SCIM's word for the fault."""

    def __init__(
        self, status: int, detail: str, word: str = "", headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.word = word
        self.headers = dict(headers or {})


def invalid(detail: str, word: str = "invalidValue") -> ScimError:
    """The fault of a body, a path or a filter."""
    return ScimError(400, detail, word)


def error_response(error: ScimError) -> JsonResponse:
    """The answer that an error is."""
    body: dict[str, Any] = {"schemas": [SCHEMA], "status": str(error.status), "detail": str(error)}
    if error.word:
        body["scimType"] = error.word
    return JsonResponse(body, status=error.status, content_type=CONTENT_TYPE, headers=error.headers)


def error_of(fault: Exception) -> ScimError | None:
    """What a fault is in SCIM's words; None for our own faults."""
    match fault:
        case ScimError():
            return fault
        case ValidationError():
            return _of_validation(fault)
        case PermissionDenied() | Refused():
            return ScimError(403, str(fault))
        case DataError():
            return invalid(_("A value is out of the range that can be stored."))
        case UnreadablePostError() | SuspiciousOperation():
            return invalid(_("The request can't be read."), "invalidSyntax")
    return None


def _of_validation(fault: ValidationError) -> ScimError:
    codes = {one.code for one in _parts(fault)}
    if "unique" in codes:
        return ScimError(409, " ".join(fault.messages), "uniqueness")
    return invalid(" ".join(fault.messages))


def _parts(fault: ValidationError) -> list[ValidationError]:
    if hasattr(fault, "error_dict"):
        return [one for found in fault.error_dict.values() for one in found]
    return list(fault.error_list)
