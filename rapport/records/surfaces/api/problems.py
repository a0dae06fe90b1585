"""Errors as RFC 9457 problems: what happened, and to which field."""

from __future__ import annotations

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from django.core.exceptions import (
    PermissionDenied,
    RequestDataTooBig,
    SuspiciousOperation,
)
from django.db import DataError, IntegrityError, OperationalError
from django.http import Http404, HttpResponse, JsonResponse, UnreadablePostError
from django.utils.translation import gettext as _
from psycopg.errors import DeadlockDetected, LockNotAvailable, QueryCanceled

from rapport.records import access
from rapport.records.conditions import ConditionError
from rapport.records.reading import BadCursor, SortRefused
from rapport.records.reading.selection import UnknownColumn
from rapport.records.registry import UnknownObject
from rapport.records.store import Conflict, Locked, Missing, Rejected

#: Somebody else held on to a record for longer than one waits for it.
IN_THE_WAY = (LockNotAvailable, DeadlockDetected)
CONTENT_TYPE = "application/problem+json"
#: The type of the problem that a lock stands in the way.
LOCKED = "urn:rapport:problem:locked"


class Problem(Exception):
    """A request that can't be answered, with what to tell the program."""

    def __init__(
        self, status: int, detail: str, *, headers: Mapping[str, str] | None = None, **members: Any
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.headers = dict(headers or {})
        self.members = members


def refuse_field(field: str, message: str) -> Problem:
    """The problem of one bad parameter or field."""
    return Problem(422, message, errors=[{"field": field, "message": message}])


def refused(problem: Problem) -> HttpResponse:
    """The answer that a problem is."""
    return problem_response(problem.status, str(problem), problem.headers, **problem.members)


def problem_response(
    status: int, detail: str = "", headers: Mapping[str, str] | None = None, **members: Any
) -> HttpResponse:
    """An `application/problem+json` answer; `members` extend it."""
    body = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status}
    if detail:
        body["detail"] = detail
    return JsonResponse(body | members, status=status, content_type=CONTENT_TYPE, headers=headers)


def problem_body(fault: Exception) -> dict[str, Any] | None:
    """The problem as a part of another answer; None for our own faults."""
    found = problem_of(fault)
    return None if found is None else json.loads(found.content)


def problem_of(fault: Exception) -> HttpResponse | None:
    """The answer to a fault that a program can do something about; None for our own faults."""
    match fault:
        case Problem():
            return refused(fault)
        case Locked():
            return _invalid(fault.fields, type=LOCKED)
        case Rejected():
            return _invalid(fault.fields)
        case ConditionError():
            return _unasked(fault)
        case SortRefused():
            return _invalid({"sort": str(fault)})
        case BadCursor():
            return _invalid({"after": str(fault)})
        case UnknownColumn():
            return _invalid({"columns": str(fault)})
        case Conflict():
            return _conflict(fault)
    return _by_status(fault)


def _by_status(fault: Exception) -> HttpResponse | None:
    match fault:
        case access.Denied():
            return problem_response(403, str(fault))
        case PermissionDenied():
            return problem_response(403, _("Your role does not allow this."))
        case Missing() | UnknownObject() | Http404():
            return problem_response(404, _("There is nothing here for you."))
        case RequestDataTooBig():
            return problem_response(413, _("The request is larger than this server takes."))
        case UnreadablePostError() | SuspiciousOperation():
            return problem_response(400, _("The request can't be read."))
        case IntegrityError():
            return problem_response(409, _("Another record stands in the way of this change."))
        case OperationalError() if isinstance(fault.__cause__, QueryCanceled):
            sentence = _("This takes too long. Narrow what you ask for.")
            return problem_response(422, sentence)
        case OperationalError() if isinstance(fault.__cause__, IN_THE_WAY):
            sentence = _("This took too long and was stopped.")
            return problem_response(409, sentence, headers={"Retry-After": "5"})
        case DataError():
            return problem_response(422, _("A value is out of the range that can be stored."))
    return None


def _invalid(fields: Mapping[str, str], **members: Any) -> HttpResponse:
    errors = [{"field": name, "message": message} for name, message in fields.items()]
    return problem_response(422, " ".join(fields.values()), errors=errors, **members)


def _unasked(fault: ConditionError) -> HttpResponse:
    """A condition that can't be asked, and where in its tree or its text that is."""
    places = {"place": fault.place or None, "character": fault.character}
    known = {name: place for name, place in places.items() if place is not None}
    error = {"field": fault.field or "filter", "message": str(fault), **known}
    return problem_response(422, str(fault), errors=[error])


def _conflict(fault: Conflict) -> HttpResponse:
    who = fault.who or _("Somebody")
    detail = _("%(who)s changed this meanwhile. Read the record again and decide.") % {"who": who}
    fields = sorted(fault.fields)
    errors = [{"field": name, "message": detail} for name in fields]
    when = fault.when.isoformat() if fault.when else None
    return problem_response(
        409, detail, errors=errors, fields=fields, who=who, when=when, version=fault.version
    )
