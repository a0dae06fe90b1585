"""The second step of signing in."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from rapport.accounts.actions.actor import Actor
from rapport.accounts.actions.sessions import admit
from rapport.accounts.addresses import client_ip
from rapport.accounts.factors.actions import WrongCode, prove_code
from rapport.accounts.factors.forms import CodeForm
from rapport.accounts.factors.pending import held, release
from rapport.accounts.factors.queries import factors_of, has_factor
from rapport.accounts.factors.views.set_up import codes_page, set_up
from rapport.accounts.models import User
from rapport.accounts.request import Request
from rapport.accounts.routes import admits
from rapport.accounts.throttle import TooManyTries
from rapport.accounts.views.sign_in import INVALID, TOO_MANY, pause_sentence


@admits("anonymous")
@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
def code(request: Request) -> HttpResponse:
    """Ask whoever gave his password for a code, and let him in."""
    pending = held(request)
    if pending is None or not has_factor(pending.user):
        return redirect("sign_in")
    form = CodeForm(request.POST or None)
    user = pending.user
    if not form.is_valid():
        return _page(request, form, user, INVALID if form.is_bound else 200)
    try:
        prove_code(user, form.cleaned_data["code"], Actor(None, client_ip(request)))
    except WrongCode:
        form.add_error("code", wrong_code_sentence())
        return _page(request, form, user, INVALID)
    except TooManyTries as pause:
        form.add_error("code", pause_sentence(pause))
        return _page(request, form, user, TOO_MANY)
    release(request)
    admit(request, user, pending.stays)
    return redirect(pending.target)


@admits("anonymous")
@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
def factor(request: Request) -> HttpResponse:
    """Have somebody set up the second factor that his role needs, then let him in."""
    pending = held(request)
    # Who has one already must show it: a password alone may not put another in its place.
    if pending is None or has_factor(pending.user):
        return redirect("sign_in")
    by = Actor(pending.user, client_ip(request))
    answer, codes = set_up(request, pending.user, by, "accounts/factor_required.html")
    if not codes:
        return answer
    release(request)
    admit(request, pending.user, pending.stays)
    return codes_page(request, codes, pending.target)


def wrong_code_sentence() -> str:
    """Say what may be wrong with a code."""
    return _("This code is not right, or was used already. Wait for the next one and try again.")


def _page(request: Request, form: CodeForm, user: User, status: int) -> HttpResponse:
    factors = factors_of(user)
    facts = {"form": form, "has_app": factors.app_since, "has_passkey": factors.passkeys}
    return render(request, "accounts/sign_in_code.html", facts, status=status)
