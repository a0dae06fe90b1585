"""What apps ask us without a browser: tokens, and an end to them.

Words of faults are for programmers, and of ASCII as RFC 6749 (5.2) wants them: not translated.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.http import HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from rapport.accounts.actions.actor import Actor
from rapport.accounts.addresses import client_ip
from rapport.accounts.models import OAuthApp
from rapport.accounts.oauth import granting
from rapport.accounts.oauth.clients import NotProved, app_behind
from rapport.accounts.oauth.scopes import UnknownScope, words_of
from rapport.accounts.request import Request
from rapport.accounts.routes import admits, takes

FORM = "application/x-www-form-urlencoded"
MOST_BYTES = 64 * 1024

type Answer = Callable[[Request, OAuthApp], HttpResponse]


class Fault(Exception):
    """What an app is told, by a code of RFC 6749 (5.2)."""

    def __init__(self, code: str, description: str) -> None:
        super().__init__(code)
        self.code = code
        self.description = description


def _for_apps(answer: Answer) -> Callable[[Request], HttpResponse]:
    """A view that an app asks, which proves itself first; no cookie counts here."""

    @wraps(answer)
    def view(request: Request) -> HttpResponse:
        try:
            _check_form(request)
            return answer(request, app_behind(request))
        except NotProved:
            return _refuse_client(request)
        except Fault as fault:
            return _told(fault.code, fault.description)

    closed = sensitive_post_parameters()(require_POST(never_cache(view)))
    return admits("anonymous")(takes(lambda: MOST_BYTES)(csrf_exempt(closed)))


@_for_apps
def token(request: Request, app: OAuthApp) -> HttpResponse:
    """Exchange a code or a refresh token for an access token."""
    kinds = {"authorization_code": _by_code, "refresh_token": _by_refresh_token}
    exchange = kinds.get(request.POST.get("grant_type", ""))
    if exchange is None:
        raise Fault("unsupported_grant_type", "Send authorization_code or refresh_token.")
    try:
        issued = exchange(request, app)
    except granting.NotGood:
        raise Fault("invalid_grant", "Unknown, over, or used. Ask the person again.") from None
    except (granting.TooMuch, UnknownScope):
        raise Fault("invalid_scope", "The person did not allow that.") from None
    left = issued.expires_at - timezone.now()
    return JsonResponse(
        {
            "access_token": issued.access_token,
            "token_type": "Bearer",
            "expires_in": max(0, int(left.total_seconds())),
            "refresh_token": issued.refresh_token,
            "scope": issued.scope,
        }
    )


@_for_apps
def revoke(request: Request, app: OAuthApp) -> HttpResponse:
    """End a token (RFC 7009); one that is none is as good as ended."""
    if not granting.revoke(app, _sent(request, "token"), _by(request)):
        raise Fault("unauthorized_client", "It was given to another app.")
    return HttpResponse()


def _by_code(request: Request, app: OAuthApp) -> granting.Issued:
    code, verifier = _sent(request, "code"), _sent(request, "code_verifier")
    return granting.redeem(app, code, verifier, request.POST.get("redirect_uri"), _by(request))


def _by_refresh_token(request: Request, app: OAuthApp) -> granting.Issued:
    words = words_of(request.POST.get("scope", ""))
    return granting.renew(app, _sent(request, "refresh_token"), words, _by(request))


def _check_form(request: Request) -> None:
    """Raises Fault for what is no form, or says something twice."""
    if request.content_type != FORM:
        raise Fault("invalid_request", f"Send {FORM}.")
    if any(len(found) > 1 for name, found in request.POST.lists() if name != "resource"):
        raise Fault("invalid_request", "Each parameter counts once.")


def _sent(request: Request, name: str) -> str:
    value = request.POST.get(name, "")
    if not value:
        raise Fault("invalid_request", f"{name} is missing.")
    return value


def _by(request: Request) -> Actor:
    return Actor(None, client_ip(request))


def _refuse_client(request: Request) -> HttpResponse:
    response = _told("invalid_client", "Unknown app, or not its secret.", 401)
    if "Authorization" in request.headers:
        response.headers["WWW-Authenticate"] = 'Basic realm="Rapport"'
    return response


def _told(code: str, description: str, status: int = 400) -> HttpResponse:
    return JsonResponse({"error": code, "error_description": description}, status=status)
