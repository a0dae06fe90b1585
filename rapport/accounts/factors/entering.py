"""The one way in for people, whatever proved them: it asks for what is still owed."""

from django.http import HttpResponse
from django.shortcuts import redirect

from rapport.accounts.actions.sessions import admit
from rapport.accounts.factors.pending import hold
from rapport.accounts.factors.queries import has_factor, is_required_of
from rapport.accounts.models import User
from rapport.accounts.request import Request


def enter(request: Request, user: User, target: str = "/", stays: bool = False) -> HttpResponse:
    """Admit a user whose password was right, or lead him to his second factor first."""
    if has_factor(user):
        hold(request, user, stays, target)
        return redirect("sign_in_code")
    if is_required_of(user):
        hold(request, user, stays, target)
        return redirect("sign_in_factor")
    admit(request, user, stays)
    return redirect(target)
