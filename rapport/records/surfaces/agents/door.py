"""The agent door over HTTP: one address that takes one message and answers with one."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from rapport.accounts.request import Request
from rapport.accounts.routes import admits, takes
from rapport.records.surfaces.agents.asking import Asker
from rapport.records.surfaces.agents.protocol import (
    HEADER_MISMATCH,
    INTERNAL,
    INVALID_PARAMS,
    INVALID_REQUEST,
    LEGACY,
    MODERN,
    NO_METHOD,
    PARSE_ERROR,
    UNSUPPORTED_VERSION,
    VERSION_KEY,
    VERSIONS,
    Fault,
    Params,
    answer,
    check_known,
    read_envelope,
    refusal,
)
from rapport.records.surfaces.agents.terms import terms_of
from rapport.records.surfaces.api.bodies import read_object
from rapport.records.surfaces.api.problems import Problem
from rapport.records.surfaces.api.rating import take, tell

#: A message of an agent: a long note, no more.
MOST_BYTES = 1024 * 1024
STATUS = {
    PARSE_ERROR: 400, INVALID_REQUEST: 400, INVALID_PARAMS: 400, HEADER_MISMATCH: 400,
    UNSUPPORTED_VERSION: 400, NO_METHOD: 404, INTERNAL: 500,
}  # fmt: skip
#: What is neither JSON-RPC's nor the protocol's to say, with the status it has in HTTP.
REFUSED = -31_000
ENCODED, END = "=?base64?", "?="


@admits("agent")
@never_cache
@takes(lambda: MOST_BYTES)
def answer_agent(request: Request) -> HttpResponseBase:
    """Answer a message of the Model Context Protocol; only to a token, never to a session."""
    allowance = None
    try:
        _check_origin(request)
        if request.method != "POST":
            raise Problem(405, _("This address takes POST."), headers={"Allow": "POST"})
        allowance = take(request)
        made = _answered(request)
    except Problem as refused:
        made = _refused(refused)
    tell(made, allowance)
    return made


def _answered(request: Request) -> HttpResponse:
    if not request.accepts("application/json"):
        raise Problem(406, _("This address answers in application/json."))
    message = read_object(request)
    try:
        method, params = read_envelope(message)
        _check_headers(request, method, params, is_request="id" in message)
    except Fault as fault:
        return JsonResponse(refusal(fault, message.get("id")), status=STATUS[fault.code])
    terms = terms_of(request.principal.token_id)
    asker = Asker(request.user, request.principal, request.workspace, terms)
    made = answer(message, asker)
    if made is None:
        return HttpResponse(status=202)
    code = made["error"]["code"] if "error" in made else 0
    return JsonResponse(made, status=STATUS.get(code, 200))


def _refused(problem: Problem) -> HttpResponse:
    code = PARSE_ERROR if problem.status == 400 else REFUSED - problem.status
    body = refusal(Fault(code, str(problem)))
    return JsonResponse(body, status=problem.status, headers=problem.headers)


def _check_origin(request: Request) -> None:
    """A page of another site, also one that took our name, is no agent. Raises Problem."""
    origin = request.headers.get("Origin")
    if origin is None:
        return
    own = {f"{request.scheme}://{request.get_host()}", request.workspace.public_address.rstrip("/")}
    if origin not in own:
        raise Problem(403, _("This address is not for pages of other sites."))


def _check_headers(request: Request, method: str, params: Params, *, is_request: bool) -> None:
    """Raises Fault where what proxies read in the head is not what stands in the body."""
    told = request.headers.get("MCP-Protocol-Version")
    meta = params.get("_meta")
    asked = meta.get(VERSION_KEY) if isinstance(meta, dict) else None
    if asked is None and told != MODERN:
        if told is not None:
            check_known(told, LEGACY)
        return
    if not is_request:
        check_known(told, VERSIONS)
        return
    if asked is None:
        raise Fault(INVALID_PARAMS, f"_meta has no {VERSION_KEY}.")
    wanted: Mapping[str, Any] = {"MCP-Protocol-Version": asked, "Mcp-Method": method}
    if method == "tools/call":
        wanted = {**wanted, "Mcp-Name": params.get("name")}
    for name, value in wanted.items():
        if _plain(request.headers.get(name)) != value:
            raise Fault(HEADER_MISMATCH, f"{name} does not say what stands in the body.")


def _plain(text: str | None) -> str | None:
    """The value of a header, decoded where it was encoded; None where it is not there or broken."""
    if text is None or not (text.startswith(ENCODED) and text.endswith(END)):
        return text
    try:
        return base64.b64decode(text[len(ENCODED) : -len(END)], validate=True).decode()
    except (binascii.Error, ValueError):
        return None
