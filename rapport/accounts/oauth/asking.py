"""The request with which an app sends a browser to be let in."""

from __future__ import annotations

import re
from dataclasses import dataclass
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _

from rapport.accounts.actions.actor import actor_of
from rapport.accounts.models import OAuthApp
from rapport.accounts.oauth.documents import (
    NotTaken,
    app_with_document,
    is_document,
    known_app,
)
from rapport.accounts.oauth.redirects import is_registered, send_back
from rapport.accounts.oauth.scopes import UnknownScope, allowed_by, is_within, words_of
from rapport.accounts.oauth.sites import is_ours, issuer
from rapport.accounts.request import Request

_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")
# It may name several of our places (RFC 8707); everything else is said once.
_REPEATED = "resource"


class NotOurs(Exception):
    """An app or an address we don't know: the browser stays here, and the message says why."""


class Declined(Exception):
    """What the app is told by a code of RFC 6749 (4.1.2.1)."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Asked:
    """What an app we know asks for, and where the answer goes."""

    app: OAuthApp
    redirect_uri: str
    words: tuple[str, ...]
    challenge: str


def who_asks(request: Request) -> tuple[OAuthApp, str]:
    """The app, and the address of its that the answer goes to. Raises NotOurs."""
    clients, places = (request.GET.getlist(name) for name in ("client_id", "redirect_uri"))
    app = _app_behind(request, clients[0]) if len(clients) == 1 else None
    if app is None:
        raise NotOurs(_("No app of this name is registered here. Ask your administrator."))
    if len(places) != 1 or not is_registered(places[0], app.redirect_uris):
        said = _("%(app)s wants to be answered at an address that is not registered for it.")
        raise NotOurs(said % {"app": app.name})
    return app, places[0]


def _app_behind(request: Request, client_id: str) -> OAuthApp | None:
    """The app; one that comes by itself is read of. Raises NotOurs."""
    if not is_document(client_id):
        return app_of(client_id)
    try:
        return app_with_document(client_id, actor_of(request))
    except NotTaken as reason:
        raise NotOurs(str(reason)) from reason


def what_is_asked(request: Request, app: OAuthApp, redirect_uri: str) -> Asked:
    """The rest of the request. Raises Declined."""
    _check_form(request)
    if request.GET.get("code_challenge_method") != "S256":
        # Without it RFC 7636 means "plain", which protects nothing.
        raise Declined("invalid_request")
    challenge = request.GET.get("code_challenge", "")
    if not _CHALLENGE.fullmatch(challenge):
        raise Declined("invalid_request")
    if not all(is_ours(request, one) for one in request.GET.getlist("resource")):
        raise Declined("invalid_target")
    return Asked(app, redirect_uri, _words(request, app), challenge)


def answer(request: Request, redirect_uri: str, **facts: str) -> HttpResponse:
    """Send the browser back with these facts, what the app marked it with, and who we are."""
    states = request.GET.getlist("state")
    state = [("state", states[0])] if len(states) == 1 else []
    return send_back(redirect_uri, [*facts.items(), *state, ("iss", issuer(request))])


def app_of(client_id: str) -> OAuthApp | None:
    """The app of this id, unless it was removed."""
    if is_document(client_id):
        return known_app(client_id)
    try:
        key = UUID(client_id)
    except ValueError:
        return None
    if str(key) != client_id:
        return None
    return OAuthApp.objects.filter(pk=key, removed_at=None).first()


def _check_form(request: Request) -> None:
    repeated = [name for name, found in request.GET.lists() if len(found) > 1]
    if set(repeated) - {_REPEATED}:
        raise Declined("invalid_request")
    for name in ("request", "request_uri"):
        if name in request.GET:
            raise Declined(f"{name}_not_supported")
    if request.GET.get("response_type") != "code":
        raise Declined("unsupported_response_type")
    if request.GET.get("response_mode", "query") != "query":
        raise Declined("invalid_request")


def _words(request: Request, app: OAuthApp) -> tuple[str, ...]:
    """What is asked for; all that the app may where it does not say."""
    try:
        words = words_of(request.GET.get("scope", "")) or tuple(app.scopes)
    except UnknownScope:
        raise Declined("invalid_scope") from None
    if not is_within(allowed_by(words), allowed_by(app.scopes)):
        raise Declined("invalid_scope")
    return words
