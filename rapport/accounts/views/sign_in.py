"""Signing in and out, and the language of somebody who is not in yet."""

from dataclasses import replace

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from rapport.accounts import actions, queries
from rapport.accounts.actions.sessions import WrongPassword
from rapport.accounts.addresses import own_path
from rapport.accounts.factors.entering import enter
from rapport.accounts.factors.passkeys import ask_for_any
from rapport.accounts.factors.queries import has_passkeys
from rapport.accounts.forms import SignInForm
from rapport.accounts.oauth.sites import issuer
from rapport.accounts.principals import ANONYMOUS
from rapport.accounts.request import Request
from rapport.accounts.routes import admits
from rapport.accounts.sessions import BY_PROVIDER
from rapport.accounts.sso.leaving import way_out
from rapport.accounts.sso.queries import provider
from rapport.accounts.throttle import WINDOW, TooManyTries

INVALID = 422
TOO_MANY = 429


@admits("anonymous")
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: Request) -> HttpResponse:
    """Ask for e-mail and password, and go on to where the visitor was heading."""
    target = own_path(request.POST.get("next") or request.GET.get("next") or "/")
    if request.method != "POST":
        if request.principal.is_staff:
            return redirect(target)
        if not queries.has_users():
            return redirect("welcome")
        return _page(request, SignInForm(initial={"next": target}))
    form = SignInForm(request.POST)
    if not form.is_valid():
        return _page(request, form, INVALID)
    given = form.cleaned_data
    try:
        user = actions.identify(request, given["email"], given["password"])
    except WrongPassword as wrong:
        form.add_error("password", _no_match(wrong.tries_left))
        return _page(request, form, INVALID)
    except TooManyTries as pause:
        form.add_error("password", pause_sentence(pause))
        return _page(request, form, TOO_MANY)
    return enter(request, user, target, given["stay"])


@never_cache
@require_POST
def sign_out(request: Request) -> HttpResponse:
    """End this browser's session; who came by the identity provider may go on to leave it too."""
    came = request.session.get(BY_PROVIDER)
    actions.sign_out(request)
    response = _leave_provider(request, came) if came else redirect("sign_in")
    if settings.SESSION_COOKIE_SECURE:
        # Whoever sits down next shall not leaf back; without TLS browsers refuse the wish.
        response.headers["Clear-Site-Data"] = '"cache"'
    return response


def _leave_provider(request: Request, came: dict[str, str]) -> HttpResponse:
    found = provider()
    back = issuer(request) + reverse("sign_in")
    address = way_out(found, came.get("token", ""), back) if found else ""
    if not address:
        return redirect("sign_in")
    # Nobody sits here any more: the page must not speak as to him.
    request.principal = replace(ANONYMOUS, language=request.principal.language)
    # A page of its own: browsers let no form lead on to another site.
    facts = {"provider": found, "address": address}
    return render(request, "accounts/signed_out.html", facts)


@admits("anonymous")
@require_POST
def set_language(request: Request) -> HttpResponse:
    """Speak another language: for good to a user, by cookie to a stranger."""
    language = request.POST.get("language", "")
    response = redirect(own_path(request.POST.get("next", "/")))
    if language not in dict(settings.LANGUAGES):
        return response
    if request.principal.is_staff:
        actions.change_preferences(request.user, {"language": language})
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=365 * 24 * 60 * 60,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite="Lax",
    )
    return response


def pause_sentence(pause: TooManyTries) -> str:
    """Say how long to wait."""
    return ngettext(
        "Too many tries. Wait %(minutes)s minute, then try again.",
        "Too many tries. Wait %(minutes)s minutes, then try again.",
        pause.minutes,
    ) % {"minutes": pause.minutes}


def _no_match(tries_left: int) -> str:
    pause = {"minutes": int(WINDOW.total_seconds() // 60), "tries": tries_left}
    wrong = _("E-mail and password do not match.")
    if not tries_left:
        return f"{wrong} " + _("That was the last try for %(minutes)s minutes.") % pause
    left = ngettext(
        "%(tries)s try left, then a pause of %(minutes)s minutes.",
        "%(tries)s tries left, then a pause of %(minutes)s minutes.",
        tries_left,
    )
    return f"{wrong} " + left % pause


def _page(request: Request, form: SignInForm, status: int = 200) -> HttpResponse:
    if form.errors:
        # One field, one fault: going there says it at once.
        form.fields["password"].widget.attrs["autofocus"] = True
    facts = {"form": form, "host": request.get_host(), "provider": provider()}
    if not form.is_bound and has_passkeys():
        # The browser offers one where the address is typed.
        facts["passkeys"] = ask_for_any(request)
    return render(request, "accounts/sign_in.html", facts, status=status)
