"""Going to the identity provider, and coming back from it."""

import logging

from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from rapport.accounts.actions.actor import Actor
from rapport.accounts.addresses import client_ip, own_path
from rapport.accounts.factors.entering import enter_by_provider
from rapport.accounts.models import IdentityProvider
from rapport.accounts.oauth.sites import issuer
from rapport.accounts.request import Request
from rapport.accounts.routes import admits, takes
from rapport.accounts.sealing import CannotOpen, seal
from rapport.accounts.sessions import BY_PROVIDER
from rapport.accounts.sso.actions import NotWelcome, meet
from rapport.accounts.sso.asking import NoAnswer
from rapport.accounts.sso.leaving import end_by_provider, read_logout_token
from rapport.accounts.sso.protocol import NotBelieved, begin, finish
from rapport.accounts.sso.queries import provider

_KEPT = "sso"
MOST_BYTES = 64 * 1024
REFUSED = 403
UNREACHED = 502

log = logging.getLogger(__name__)


@admits("anonymous")
@never_cache
@require_safe
def start(request: Request) -> HttpResponse:
    """Send the browser to the provider."""
    found = provider()
    if found is None:
        return redirect("sign_in")
    try:
        begun = begin(found, back_address(request))
    except NoAnswer as silence:
        return _unreached(request, found, silence)
    request.session[_KEPT] = begun.kept | {"target": own_path(request.GET.get("next", ""))}
    return redirect(begun.address)


@admits("anonymous")
@never_cache
@require_safe
def back(request: Request) -> HttpResponse:
    """Take the provider's word, once, for the sign-in that this browser began."""
    found, kept = provider(), request.session.pop(_KEPT, None)
    if found is None or kept is None:
        return redirect("sign_in")
    try:
        proof = finish(found, kept, request.GET.dict())
        user = meet(found, proof.claims, Actor(None, client_ip(request)))
    except (NoAnswer, CannotOpen) as silence:
        return _unreached(request, found, silence)
    except NotBelieved as doubt:
        log.warning("Single sign-on was not believed: %s", doubt)
        return _refused(request, found, _("%(name)s did not let you in.") % {"name": found.name})
    except NotWelcome as refusal:
        return _refused(request, found, str(refusal))
    answer = enter_by_provider(request, user, kept["target"])
    sid = proof.claims.get("sid")
    request.session[BY_PROVIDER] = {
        "sub": str(proof.claims["sub"])[:255],
        "sid": sid[:255] if isinstance(sid, str) else "",
        "token": seal(proof.token),
    }
    return answer


@admits("anonymous")
@takes(lambda: MOST_BYTES)
@csrf_exempt
@never_cache
@require_POST
def leave(request: Request) -> HttpResponse:
    """Take the provider's word that somebody left it: its signature is the proof."""
    found = provider()
    try:
        if found is None:
            raise NotBelieved("there is no provider")
        claims = read_logout_token(found, request.POST.get("logout_token", ""))
    except (NoAnswer, NotBelieved) as doubt:
        log.warning("That somebody left the provider was not believed: %s", doubt)
        return JsonResponse({"error": "invalid_request"}, status=400)
    end_by_provider(found, claims, Actor(None, client_ip(request)))
    return HttpResponse()


def leave_address(request: Request) -> str:
    """Return where the provider tells that somebody left it."""
    return issuer(request) + reverse("sso_leave")


def back_address(request: Request) -> str:
    """Return where the provider sends browsers on to; it has to be told the same."""
    return issuer(request) + reverse("sso_back")


def _unreached(request: Request, found: IdentityProvider, fault: Exception) -> HttpResponse:
    log.warning("The identity provider can't be used: %s", fault)
    said = _("%(name)s can't be reached now. Try again in a minute.") % {"name": found.name}
    return _refused(request, found, said, UNREACHED)


def _refused(
    request: Request, found: IdentityProvider, said: str, status: int = REFUSED
) -> HttpResponse:
    facts = {"provider": found, "said": said}
    return render(request, "accounts/sso_refused.html", facts, status=status)
