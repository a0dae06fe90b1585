"""Signing in and out, and the language of somebody who is not in yet."""

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from rapport.accounts import actions, queries
from rapport.accounts.actions.sessions import WrongPassword
from rapport.accounts.addresses import own_path
from rapport.accounts.factors.entering import enter
from rapport.accounts.forms import SignInForm
from rapport.accounts.request import Request
from rapport.accounts.routes import admits
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


@require_POST
def sign_out(request: Request) -> HttpResponse:
    """End this browser's session."""
    actions.sign_out(request)
    response = redirect("sign_in")
    if settings.SESSION_COOKIE_SECURE:
        # Whoever sits down next shall not leaf back; without TLS browsers refuse the wish.
        response.headers["Clear-Site-Data"] = '"cache"'
    return response


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
    return render(request, "accounts/sign_in.html", facts, status=status)
