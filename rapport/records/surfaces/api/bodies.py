"""The JSON object a program sends, before any field of it is looked at."""

from __future__ import annotations

import json
from typing import Any, NoReturn

from django.http import HttpRequest
from django.utils.translation import gettext as _

from rapport.records.surfaces.api.problems import Problem

TYPES = {"application/json", "application/merge-patch+json"}
DEEPEST = 32


def read_object(request: HttpRequest) -> dict[str, Any]:
    """The request's JSON object. Raises Problem 400, 413, 415 or 422."""
    _check_type(request)
    try:
        found = json.loads(
            request.body.decode(), parse_constant=_refuse_constant, object_pairs_hook=_once
        )
    except (ValueError, RecursionError) as fault:
        raise Problem(400, _("The body is not valid JSON: %(why)s.") % {"why": fault}) from None
    if not isinstance(found, dict):
        raise Problem(422, _("The body must be a JSON object of fields and values."))
    if _is_deeper(found, DEEPEST):
        raise Problem(422, _("The body is nested too deeply."))
    return found


def _check_type(request: HttpRequest) -> None:
    charset = (request.content_params or {}).get("charset", "utf-8").lower()
    is_plain = request.headers.get("Content-Encoding", "identity").lower() == "identity"
    if request.content_type not in TYPES or charset != "utf-8" or not is_plain:
        raise Problem(
            415,
            _("Send the body as application/json in UTF-8, uncompressed."),
            headers={"Accept": ", ".join(sorted(TYPES))},
        )


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON number")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A doubled name would let two readers of one body disagree about it."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name occurs twice in one object")
    return found


def _is_deeper(value: Any, most: int) -> bool:
    if not isinstance(value, dict | list):
        return False
    parts = value.values() if isinstance(value, dict) else value
    return most == 0 or any(_is_deeper(part, most - 1) for part in parts)
