"""How an address of the directory's answers: by method, faults as SCIM has them, calls noted."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from hashlib import blake2b
from typing import Any, NoReturn

from django.http import HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from rapport.accounts import pace
from rapport.accounts.actions.actor import Actor
from rapport.accounts.addresses import client_ip, site_of
from rapport.accounts.models import Provisioning
from rapport.accounts.request import Request
from rapport.accounts.routes import admits
from rapport.accounts.scim.calls import note_call
from rapport.accounts.scim.errors import (
    CONTENT_TYPE,
    ScimError,
    error_of,
    error_response,
    invalid,
)
from rapport.accounts.scim.schemas import Document

ROOT = "/scim/v2"
TYPES = {CONTENT_TYPE, "application/json"}
DEEPEST = 12

type View = Callable[..., HttpResponse]


def by_method(**views: View) -> View:
    """One address with a view per method, for the directory's token only."""

    @csrf_exempt
    @admits("directory")
    def answer(request: Request, **address: Any) -> HttpResponse:
        try:
            allowance = pace.take(request.principal.token_id)
        except pace.TooFast as refusal:
            # Not noted: whoever asks too fast must not make us write.
            return error_response(ScimError(429, str(refusal), headers=refusal.headers))
        found = _answered(request, views, address)
        note_call(request, found)
        pace.tell(found, allowance)
        return found

    return answer


def nothing(request: Request, **_address: Any) -> HttpResponse:
    """The answer to every address that we don't know. Raises ScimError 404."""
    raise missing()


def missing() -> ScimError:
    """That there is no such resource."""
    return ScimError(404, _("There is nothing here for you."))


def base_of(request: Request) -> str:
    """Where the addresses of resources begin."""
    return site_of(request) + ROOT


def actor_of(request: Request, provisioning: Provisioning) -> Actor:
    """The directory as the one who acts; what it may is checked where it does it."""
    return Actor(provisioning.service, client_ip(request), is_trusted=True)


def body_of(request: Request) -> Mapping[str, Any]:
    """The object that was sent. Raises ScimError 400, 415."""
    if request.content_type not in TYPES:
        raise ScimError(415, _("Send %(type)s.") % {"type": CONTENT_TYPE})
    try:
        found = json.loads(request.body.decode(), parse_constant=_refuse)
    except (ValueError, RecursionError):
        raise invalid(_("The body is not valid JSON."), "invalidSyntax") from None
    if not isinstance(found, dict) or _is_deeper(found, DEEPEST):
        raise invalid(_("The body must be a JSON object."), "invalidSyntax")
    return found


def shown(document: Document, status: int = 200) -> HttpResponse:
    """The answer that a document is."""
    return JsonResponse(document, status=status, content_type=CONTENT_TYPE)


def with_version(resource: Document) -> Document:
    """The resource with its version, which changes with anything in it."""
    text = json.dumps(resource, sort_keys=True).encode()
    version = f'W/"{blake2b(text, digest_size=12).hexdigest()}"'
    return {**resource, "meta": {**resource["meta"], "version": version}}


def require_version(request: Request, resource: Document) -> None:
    """Raise ScimError 412 if the caller wants to change what it saw, and that has changed."""
    wanted = request.headers.get("If-Match", "")
    if wanted and not _names(wanted, resource["meta"]["version"]):
        raise ScimError(412, _("This was changed meanwhile. Read it again."))


def is_known(request: Request, resource: Document) -> bool:
    """Whether the caller has this version already."""
    return _names(request.headers.get("If-None-Match", ""), resource["meta"]["version"])


def _names(header: str, version: str) -> bool:
    given = {one.strip().removeprefix("W/") for one in header.split(",")}
    return "*" in given or version.removeprefix("W/") in given


def _answered(
    request: Request, views: Mapping[str, View], address: Mapping[str, Any]
) -> HttpResponse:
    try:
        return _view(request, views)(request, **address)
    except Exception as fault:
        error = error_of(fault)
        if error is None:
            raise
        return error_response(error)


def _view(request: Request, views: Mapping[str, View]) -> View:
    found = views.get("GET" if request.method == "HEAD" else request.method or "")
    if found is None:
        allowed = ", ".join(sorted(views))
        said = _("This address takes %(methods)s.") % {"methods": allowed}
        raise ScimError(405, said, headers={"Allow": allowed})
    return found


def _refuse(name: str) -> NoReturn:
    raise ValueError(name)


def _is_deeper(value: Any, most: int) -> bool:
    if not isinstance(value, dict | list):
        return False
    parts = value.values() if isinstance(value, dict) else value
    return most == 0 or any(_is_deeper(part, most - 1) for part in parts)
