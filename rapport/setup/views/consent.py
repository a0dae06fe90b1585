"""The page on which a person lets an app in, or does not."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.csp import CSP
from django.views.decorators.cache import never_cache
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_http_methods

from rapport.accounts.oauth.asking import (
    Asked,
    Declined,
    NotOurs,
    answer,
    what_is_asked,
    who_asks,
)
from rapport.accounts.oauth.granting import issue_code
from rapport.accounts.oauth.redirects import LOOPBACK, form_source
from rapport.accounts.oauth.scopes import READ, WRITE
from rapport.accounts.request import Request
from rapport.accounts.routes import admits
from rapport.setup.app_forms import sentences

BAD_REQUEST = 400


@admits("staff")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def authorize(request: Request) -> HttpResponse:
    """Ask the person who is signed in; a post answers the app.

    What is asked for stands in the address alone, so that a form can't say otherwise.
    """
    try:
        app, redirect_uri = who_asks(request)
    except NotOurs as refusal:
        facts = {"said": str(refusal)}
        return render(request, "setup/consent_refused.html", facts, status=BAD_REQUEST)
    try:
        asked = what_is_asked(request, app, redirect_uri)
    except Declined as refusal:
        return answer(request, redirect_uri, error=refusal.code)
    if request.method != "POST":
        return _ask(request, asked)
    if request.POST.get("do") != "allow":
        return answer(request, redirect_uri, error="access_denied")
    return answer(request, redirect_uri, code=issue_code(asked, request.user))


def _ask(request: Request, asked: Asked) -> HttpResponse:
    parts = urlsplit(asked.redirect_uri)
    is_web = parts.scheme in ("http", "https")
    facts: dict[str, Any] = {
        "app": asked.app,
        "sentences": sentences(_said(asked)),
        "until": timezone.now() + timedelta(days=asked.app.days),
        "place": parts.hostname if is_web else parts.scheme,
        "is_here": parts.hostname in LOOPBACK,
        "is_anybodys": not asked.app.is_confidential,
    }
    # Browsers hold a form's policy against where its answer leads, too.
    policy: dict[str, Any] = {
        **settings.SECURE_CSP,
        "form-action": [CSP.SELF, form_source(asked.redirect_uri)],
    }
    return csp_override(policy)(render)(request, "setup/consent.html", facts)


def _said(asked: Asked) -> str:
    """What it may do by itself: of everything one that only proposes may but look."""
    is_everything = asked.words == (WRITE,)
    return READ if asked.app.proposes and is_everything else " ".join(asked.words)
