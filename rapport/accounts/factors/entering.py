"""The one way in for people, whatever proved them: it asks for what is still owed."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from rapport.accounts.actions.sessions import admit
from rapport.accounts.factors.pending import hold, release
from rapport.accounts.factors.queries import has_factor, is_required_of
from rapport.accounts.models import User
from rapport.accounts.request import Request
from rapport.accounts.sso.queries import must_use_provider, provider


def enter(request: Request, user: User, target: str = "/", stays: bool = False) -> HttpResponse:
    """Admit a user whose password was right, or lead him to his second factor first.

    Where the firm wants it, he is told to come by its identity provider instead.
    """
    if must_use_provider(user):
        return to_provider(request)
    return _ask_for_rest(request, user, target, stays, is_asked=has_factor(user))


def enter_by_provider(request: Request, user: User, target: str) -> HttpResponse:
    """Admit whom the identity provider knows; our own second factor only where a role needs it.

    What the provider asked for besides a password is its own affair.
    """
    is_required = is_required_of(user)
    return _ask_for_rest(request, user, target, stays=False, is_asked=is_required)


def _ask_for_rest(
    request: Request, user: User, target: str, stays: bool, *, is_asked: bool
) -> HttpResponse:
    if is_asked and has_factor(user):
        hold(request, user, stays, target)
        return redirect("sign_in_code")
    if is_required_of(user):
        hold(request, user, stays, target)
        return redirect("sign_in_factor")
    release(request)
    admit(request, user, stays)
    return redirect(target)


def to_provider(request: Request) -> HttpResponse:
    """Say that there is one way in only, and where it is."""
    found = provider()
    said = _("Your firm signs in with %(name)s.") % {"name": found.name if found else ""}
    facts = {"provider": found, "said": said}
    return render(request, "accounts/sso_refused.html", facts, status=403)
