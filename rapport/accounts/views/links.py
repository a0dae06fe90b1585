"""Pages behind one-time links: a new password, an invitation."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from rapport.accounts import actions
from rapport.accounts.actions.links import LinkUsedUp
from rapport.accounts.factors.entering import enter
from rapport.accounts.forms import InvitationForm, NewPasswordForm, ResetForm
from rapport.accounts.links import usable_link
from rapport.accounts.models import OneTimeLink
from rapport.accounts.request import Request
from rapport.accounts.routes import admits
from rapport.accounts.throttle import TooManyTries
from rapport.accounts.views.sign_in import INVALID, TOO_MANY, pause_sentence

GONE = 410


@admits("anonymous")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def reset(request: Request) -> HttpResponse:
    """Ask whose password is forgotten; the answer is the same whether he exists or not."""
    if not request.workspace.sends_mail:
        return render(request, "accounts/reset_without_mail.html")
    if request.method != "POST":
        return _page(request, "reset", ResetForm())
    form = ResetForm(request.POST)
    if not form.is_valid():
        return _page(request, "reset", form, INVALID)
    try:
        actions.ask_for_reset(form.cleaned_data["email"], actions.actor_of(request))
    except TooManyTries as pause:
        form.add_error("email", pause_sentence(pause))
        return _page(request, "reset", form, TOO_MANY)
    return render(request, "accounts/reset_sent.html", {"email": form.cleaned_data["email"]})


@admits("anonymous")
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def new_password(request: Request, secret: str) -> HttpResponse:
    """Let the holder of a reset link choose a password; he then signs in with it."""
    link = usable_link(secret, OneTimeLink.Purpose.RESET)
    if link is None:
        return _used_up(request, "reset")
    form = NewPasswordForm(request.POST or None)
    if not form.is_valid():
        return _page(request, "new_password", form, _status(form), user=link.user)
    try:
        actions.choose_new_password(
            secret, form.cleaned_data["password"], actions.actor_of(request)
        )
    except LinkUsedUp:
        return _used_up(request, "reset")
    except ValidationError as faults:
        form.add_error(None, faults)
        return _page(request, "new_password", form, INVALID, user=link.user)
    messages.success(request, _("Your password is changed. Sign in with it."))
    return redirect("sign_in")


@admits("anonymous")
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: Request, secret: str) -> HttpResponse:
    """Let an invited colleague choose name, language and password, and come in."""
    link = usable_link(secret, OneTimeLink.Purpose.INVITATION)
    if link is None:
        return _used_up(request, "invitation")
    user = link.user
    initial = {"name": user.name, "language": user.language, "timezone": user.timezone}
    form = InvitationForm(request.POST or None, initial=initial)
    if not form.is_valid():
        return _page(request, "invitation", form, _status(form), user=user)
    given = dict(form.cleaned_data)
    password = given.pop("password")
    try:
        joined = actions.accept_invitation(secret, password, actions.actor_of(request), **given)
    except LinkUsedUp:
        return _used_up(request, "invitation")
    except ValidationError as faults:
        form.add_error(None, faults)
        return _page(request, "invitation", form, INVALID, user=user)
    return enter(request, joined)


def _status(form: Form) -> int:
    return INVALID if form.is_bound else 200


def _used_up(request: Request, page: str) -> HttpResponse:
    return render(request, "accounts/link_used_up.html", {"page": page}, status=GONE)


def _page(request: Request, page: str, form: Form, status: int = 200, **facts: Any) -> HttpResponse:
    return render(request, f"accounts/{page}.html", {"form": form, **facts}, status=status)
