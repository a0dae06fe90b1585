"""One's own second factor."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from rapport.accounts import actions
from rapport.accounts.actions.sessions import WrongPassword, prove_password
from rapport.accounts.addresses import own_path
from rapport.accounts.factors.actions import (
    WrongCode,
    prove_code,
    remove_code_app,
    renew_recovery_codes,
)
from rapport.accounts.factors.forms import ConfirmForm
from rapport.accounts.factors.queries import factors_of, has_factor, has_passkey
from rapport.accounts.factors.recent import asks_for_proof, note_proof
from rapport.accounts.factors.views.set_up import codes_page, set_up
from rapport.accounts.factors.views.sign_in import wrong_code_sentence
from rapport.accounts.request import Request
from rapport.accounts.throttle import TooManyTries
from rapport.accounts.views.sign_in import INVALID, TOO_MANY, pause_sentence


@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
@asks_for_proof
def factor(request: Request) -> HttpResponse:
    """Set an app up, the first one or one on another phone."""
    by = actions.actor_of(request)
    answer, codes = set_up(request, request.user, by, "accounts/factor.html")
    return codes_page(request, codes, reverse("account")) if codes else answer


@never_cache
@require_POST
@asks_for_proof
def codes(request: Request) -> HttpResponse:
    """Show fresh recovery codes."""
    if not has_factor(request.user):
        return redirect("account")
    fresh = renew_recovery_codes(request.user, actions.actor_of(request))
    return codes_page(request, fresh, reverse("account"))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@asks_for_proof
def off(request: Request) -> HttpResponse:
    """Ask; a post turns the second factor off."""
    factors = factors_of(request.user)
    if factors.app_since is None:
        return redirect("account")
    if request.method != "POST":
        return render(request, "accounts/factor_off.html", {"factors": factors})
    try:
        remove_code_app(request.user, actions.actor_of(request))
    except actions.Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The app is forgotten."))
    return redirect("account")


@never_cache
@sensitive_post_parameters("password", "code")
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: Request) -> HttpResponse:
    """Ask for password and code once more, and go on to what needs them."""
    target = own_path(request.GET.get("next", ""), reverse("account"))
    user, by = request.user, actions.actor_of(request)
    asked = {"has_password": user.has_usable_password(), "has_factor": has_factor(user)}
    form = ConfirmForm(request.POST if request.method == "POST" else None, **asked)
    if not form.fields or not form.is_valid():
        return _confirm_page(request, form, INVALID if form.is_bound else 200)
    given = form.cleaned_data
    try:
        if "password" in given:
            prove_password(user, given["password"], by)
        if "code" in given:
            prove_code(user, given["code"], by)
    except WrongPassword:
        form.add_error("password", _("This is not your present password."))
    except WrongCode:
        form.add_error("code", wrong_code_sentence())
    except TooManyTries as pause:
        form.add_error(None, pause_sentence(pause))
        return _confirm_page(request, form, TOO_MANY)
    if form.errors:
        return _confirm_page(request, form, INVALID)
    note_proof(request)
    return redirect(target)


def _confirm_page(request: Request, form: ConfirmForm, status: int) -> HttpResponse:
    facts = {
        "form": form,
        "has_passkey": has_passkey(request.user),
        "next": request.GET.get("next", ""),
    }
    return render(request, "accounts/confirm.html", facts, status=status)
