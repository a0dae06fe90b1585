"""Showing a secret to an app, once, and taking its first code."""

from django.core.exceptions import SuspiciousOperation
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from rapport.accounts.actions.actor import Actor
from rapport.accounts.factors import totp
from rapport.accounts.factors.actions import WrongCode, add_code_app
from rapport.accounts.factors.drawing import picture_of
from rapport.accounts.factors.forms import AppCodeForm
from rapport.accounts.models import User
from rapport.accounts.request import Request
from rapport.accounts.sealing import CannotOpen, open_sealed, seal
from rapport.accounts.views.sign_in import INVALID

_DRAFT = "code_app_draft"
_GROUP = 4


def set_up(
    request: Request, user: User, by: Actor, template: str
) -> tuple[HttpResponse, list[str]]:
    """Show the page with the picture; a post with the right code gives fresh recovery codes.

    Without codes the answer is the page, to be tried again.
    """
    form = AppCodeForm(request.POST or None)
    if not form.is_valid():
        return _page(request, user, form, template), []
    try:
        codes = add_code_app(user, _draft(request), form.cleaned_data["code"], by)
    except WrongCode:
        form.add_error("code", _("This is not the code the app should show. Is its clock right?"))
        return _page(request, user, form, template), []
    del request.session[_DRAFT]
    return HttpResponse(), codes


def codes_page(request: Request, codes: list[str], target: str) -> HttpResponse:
    """Show recovery codes, the only time they are seen."""
    facts = {"codes": codes, "target": target}
    return render(request, "accounts/recovery_codes.html", facts)


def _page(request: Request, user: User, form: AppCodeForm, template: str) -> HttpResponse:
    secret = _draft(request)
    issuer = request.workspace.name or "Rapport"
    facts = {
        "form": form,
        "secret": " ".join(secret[at : at + _GROUP] for at in range(0, len(secret), _GROUP)),
        "picture": picture_of(totp.address(secret, user.email, issuer)),
    }
    return render(request, template, facts, status=INVALID if form.is_bound else 200)


def _draft(request: Request) -> str:
    """The secret that is being shown: the same after a wrong code, or the app would be wrong."""
    if _DRAFT not in request.session:
        request.session[_DRAFT] = seal(totp.new_secret())
    try:
        return open_sealed(request.session[_DRAFT])
    except CannotOpen:
        del request.session[_DRAFT]
        raise SuspiciousOperation from None
