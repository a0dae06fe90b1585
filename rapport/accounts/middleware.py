"""Who asks, in which language and zone, and whether the route admits him."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from rapport.accounts import queries
from rapport.accounts.addresses import client_ip
from rapport.accounts.bearer import token_of_header
from rapport.accounts.identity import account_facts
from rapport.accounts.models import ApiToken, User, Workspace
from rapport.accounts.narrowing import as_agent, as_directory, for_token
from rapport.accounts.principals import ANONYMOUS, Principal, principal_of
from rapport.accounts.refusals import refuse_browser, refuse_directory, refuse_program
from rapport.accounts.request import Request
from rapport.accounts.routes import View, is_admitted
from rapport.accounts.sessions import signed_in_user

API = "/api/"
#: Where programs that people talk to come in: with a token, never with a session.
AGENTS = "/mcp"
#: Where the firm's directory comes in: with its own token.
DIRECTORY = "/scim/"

type Respond = Callable[[Request], HttpResponse]


class PrincipalMiddleware:
    """Sets `request.user`, `.principal` and `.workspace`; turns away whom a route doesn't admit.

    It stands after Django's session middleware and before all that looks an address up.
    """

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: Request) -> HttpResponse:
        """Answer in the asker's language and zone; strange programs are turned away at once."""
        door = _door(request.path_info)
        _identify(request, door)
        activate_language_and_zone(request.principal)
        if door and request.principal.kind == "anonymous":
            # Before routing and look-up: a stranger can't probe what exists.
            return refuse_directory() if door == DIRECTORY else refuse_program(request)
        response = self.get_response(request)
        response.headers.setdefault("Content-Language", translation.get_language() or "en")
        patch_vary_headers(response, ("Accept-Language", "Cookie"))
        return response

    def process_view(
        self, request: Request, view: View, _args: Any, _kwargs: Any
    ) -> HttpResponse | None:
        """Let the request through to a view that admits its principal.

        Raises PermissionDenied for somebody who is signed in but not admitted.
        """
        if is_admitted(request.principal, view):
            return None
        if request.principal.kind == "anonymous":
            return refuse_browser(request)
        raise PermissionDenied(_("Your role does not open this page."))


def _door(path: str) -> str:
    """Where a program comes in; empty for pages."""
    if path.rstrip("/") == AGENTS:
        return AGENTS
    return next((one for one in (API, DIRECTORY) if path.startswith(one)), "")


def _identify(request: Request, door: str) -> None:
    request.session.ip = client_ip(request)
    request.session.agent = request.headers.get("User-Agent", "")[:300]
    header = request.headers.get("Authorization", "") if door else ""
    if header or door in (AGENTS, DIRECTORY):
        user, principal = _by_token(request, header, door)
    else:
        user, principal = _by_session(request)
    request.user = user or AnonymousUser()  # type: ignore[assignment]
    request.principal = principal
    request.workspace = _workspace_of(user)  # type: ignore[assignment]


def _by_token(request: Request, header: str, door: str) -> tuple[User | None, Principal]:
    opens = ApiToken.Door.SCIM if door == DIRECTORY else ApiToken.Door.API
    token = token_of_header(header, request.session.ip, opens)
    if token is None:
        return None, ANONYMOUS
    # No cookie proved this request, so no other site can have forged it.
    request._dont_enforce_csrf_checks = True  # type: ignore[attr-defined]  # noqa: SLF001
    return token.user, _comes_as(token, door)


def _comes_as(token: ApiToken, door: str) -> Principal:
    if door == DIRECTORY:
        return as_directory(token)
    principal = for_token(token)
    return as_agent(principal) if door == AGENTS else principal


def _by_session(request: Request) -> tuple[User | None, Principal]:
    user = signed_in_user(request.session)
    if user is None:
        language = translation.get_language_from_request(request)
        return None, replace(ANONYMOUS, language=language)
    request.session.note_seen()
    return user, principal_of(user)


def _workspace_of(user: User | None) -> Workspace | SimpleLazyObject:
    return account_facts(user).workspace if user else SimpleLazyObject(queries.workspace)


def activate_language_and_zone(principal: Principal) -> None:
    """Speak the principal's language and tell his time, in this thread."""
    # Not taken back afterwards: a streamed answer is still being written then. The next request
    # of this thread sets its own.
    translation.activate(principal.language)
    try:
        timezone.activate(ZoneInfo(principal.timezone))
    except (ZoneInfoNotFoundError, ValueError):
        timezone.activate(ZoneInfo("UTC"))
