"""Provisioning: a directory that keeps users and teams by itself."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from rapport.accounts.actions import actor_of
from rapport.accounts.models import Provisioning
from rapport.accounts.request import Request
from rapport.accounts.scim import queries
from rapport.accounts.scim.actions import (
    change_provisioning,
    create_directory_token,
    revoke_directory_token,
)
from rapport.accounts.scim.door import base_of
from rapport.setup.access import owners_only
from rapport.setup.provisioning_forms import ProvisioningForm
from rapport.setup.token_forms import TokenLimitsForm
from rapport.setup.views.users import INVALID
from rapport.ui.toasts import toast_after_redirect


@owners_only
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def provisioning(request: Request) -> HttpResponse:
    """Show how far the directory reaches, its tokens and last calls; a post changes its reach."""
    if request.method != "POST":
        return _page(request)
    form = ProvisioningForm(request.POST)
    if not form.is_valid():
        return _page(request, INVALID, form=form)
    change_provisioning(form.values(), actor_of(request))
    toast_after_redirect(request, _("Saved."))
    return redirect("setup_provisioning")


@owners_only
@never_cache
@require_POST
def make_token(request: Request) -> HttpResponse:
    """Show the secret of a new token, the only time it is seen."""
    found = get_object_or_404(Provisioning.objects.select_related("service"))
    form = TokenLimitsForm(request.POST)
    if not form.is_valid():
        return _page(request, INVALID, token_form=form)
    secret = create_directory_token(
        found,
        actor_of(request),
        expires_at=form.expiry(),
        networks=form.cleaned_data["networks"],
    )
    facts = {"secret": secret, "address": base_of(request)}
    return render(request, "setup/provisioning_token.html", facts)


@owners_only
@require_POST
def revoke(request: Request, token_id: UUID) -> HttpResponse:
    """Make one of the directory's tokens useless."""
    token = get_object_or_404(queries.directory_tokens().select_related("user"), pk=token_id)
    revoke_directory_token(token, actor_of(request))
    toast_after_redirect(request, _("The directory no longer comes in with this token."))
    return redirect("setup_provisioning")


def _page(request: Request, status: int = 200, **forms: Any) -> HttpResponse:
    found = queries.provisioning()
    facts = {
        "form": ProvisioningForm.of(found, request.user.email),
        "token_form": TokenLimitsForm(initial={"days": "365"}),
        "provisioning": found,
        "address": base_of(request),
        "tokens": queries.directory_tokens(),
        "calls": queries.last_calls(),
    }
    return render(request, "setup/provisioning.html", facts | forms, status=status)
