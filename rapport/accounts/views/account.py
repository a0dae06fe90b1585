"""One's own account: how the house speaks to me, my password, my browsers, my programs."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from rapport.accounts import actions
from rapport.accounts.actions.sessions import WrongPassword, prove_password, renew_session
from rapport.accounts.factors.queries import factors_of
from rapport.accounts.factors.recent import asks_for_proof
from rapport.accounts.forms import PasswordForm, ProfileForm
from rapport.accounts.queries import (
    events_around,
    own_sessions,
    own_tokens,
    page_of_events,
    role_names,
)
from rapport.accounts.request import Request
from rapport.accounts.throttle import TooManyTries
from rapport.accounts.views.sign_in import INVALID, TOO_MANY, pause_sentence


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def account(request: Request) -> HttpResponse:
    """Show the page; a post changes name, language and time zone."""
    if request.method != "POST":
        return _page(request)
    form = ProfileForm(request.POST)
    if not form.is_valid():
        return _page(request, INVALID, profile=form)
    actions.change_preferences(request.user, form.cleaned_data)
    messages.success(request, _("Saved."))
    return redirect("account")


@never_cache
@sensitive_post_parameters("current", "password")
@require_POST
def password(request: Request) -> HttpResponse:
    """Change the password and sign every other browser out."""
    form = PasswordForm(request.POST)
    if not form.is_valid():
        return _page(request, INVALID, password=form)
    user, by = request.user, actions.actor_of(request)
    try:
        prove_password(user, form.cleaned_data["current"], by)
        actions.change_password(user, form.cleaned_data["password"], by)
    except TooManyTries as pause:
        form.add_error("current", pause_sentence(pause))
        return _page(request, TOO_MANY, password=form)
    except WrongPassword:
        form.add_error("current", _("This is not your present password."))
        return _page(request, INVALID, password=form)
    except ValidationError as faults:
        form.add_error(None, faults)
        return _page(request, INVALID, password=form)
    renew_session(request, user)
    messages.success(request, _("Your password is changed, other browsers are signed out."))
    return redirect("account")


@never_cache
@require_safe
def security(request: Request) -> HttpResponse:
    """Show what happened to one's own account, and what one did to others'."""
    user = request.user
    events, last = page_of_events(events_around(user), request.GET.get("after", ""))
    for event in events:
        if event.actor_id not in (None, user.pk):
            # Where an administrator sits is not his colleagues' affair.
            event.ip = None
    facts = {"events": events, "next": last, "roles": role_names()}
    return render(request, "accounts/security.html", facts)


@require_POST
@asks_for_proof
def end_session(request: Request, digest: str) -> HttpResponse:
    """Sign one of one's own browsers out."""
    if actions.end_session(request.user, digest, actions.actor_of(request)):
        messages.success(request, _("That browser is signed out."))
    return redirect("account")


@require_POST
@asks_for_proof
def end_other_sessions(request: Request) -> HttpResponse:
    """Sign all one's other browsers out."""
    for session in own_sessions(request.user).exclude(digest=request.session.digest):
        actions.end_session(request.user, session.digest, actions.actor_of(request))
    messages.success(request, _("All other browsers are signed out."))
    return redirect("account")


def _page(request: Request, status: int = 200, **bound: Form) -> HttpResponse:
    user = request.user
    profile = {"name": user.name, "language": user.language, "timezone": user.timezone}
    forms: dict[str, Any] = {
        "profile": ProfileForm(initial=profile),
        "password": PasswordForm(),
    }
    facts = {
        "forms": forms | bound,
        "factors": factors_of(user),
        "sessions": own_sessions(user),
        "this_session": request.session.digest,
        "tokens": own_tokens(user),
    }
    return render(request, "accounts/account.html", facts, status=status)
