"""Programs that are let in: one's own tokens, those of others by rank, and services."""

from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from rapport.accounts import actions
from rapport.accounts.actions.actor import ADMINISTRATORS
from rapport.accounts.bearer import digest_of
from rapport.accounts.models import ApiToken, User
from rapport.accounts.oauth.queries import own_accesses
from rapport.accounts.principals import principal_of
from rapport.accounts.request import Request
from rapport.accounts.routes import admits
from rapport.records.surfaces.agents.terms import let_propose
from rapport.setup.access import administrators_only
from rapport.setup.app_forms import sentences
from rapport.setup.token_forms import (
    PROPOSE,
    ServiceForm,
    TokenForm,
    scope_rows,
    scope_words,
)
from rapport.setup.views.users import INVALID
from rapport.ui.toasts import toast_after_redirect


@admits("staff")
@never_cache
@require_http_methods(["GET", "HEAD"])
def tokens(request: Request) -> HttpResponse:
    """List one's own tokens and the apps one let in; administrators see tokens of whoever they
    administer, and services."""
    return _list(request, ServiceForm())


@administrators_only
@never_cache
@require_POST
def make_service(request: Request) -> HttpResponse:
    """Make a program a user of its own, and go on to its first token."""
    form = ServiceForm(request.POST)
    if not form.is_valid():
        return _list(request, form, INVALID)
    given, by = form.cleaned_data, actions.actor_of(request)
    try:
        made = actions.create_service(given["service_name"], given["role"], by)
    except ValidationError as faults:
        form.add_error(None, faults.messages)
        return _list(request, form, INVALID)
    toast_after_redirect(request, _("%(name)s is here. Give it a token.") % {"name": made.name})
    return redirect("setup_service_token", made.pk)


@admits("staff")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: Request, service_id: UUID | None = None) -> HttpResponse:
    """Ask what a token is for; a post shows its secret, the only time it is seen."""
    user = _holder(request, service_id)
    if request.method != "POST":
        return _form(request, user, TokenForm())
    form = TokenForm(request.POST)
    if not form.is_valid():
        return _form(request, user, form, INVALID)
    given = form.cleaned_data
    if given["reach"] == PROPOSE and user.is_service:
        form.add_error("reach", _("Nobody signs in as a program, so nobody could approve."))
        return _form(request, user, form, INVALID)
    try:
        secret = actions.create_token(
            user,
            given["name"],
            actions.actor_of(request),
            may_write=form.may_write,
            expires_at=form.expiry(),
            scopes=given["scopes"],
            networks=given["networks"],
        )
    except ValidationError as faults:
        form.add_error(None, faults.messages)
        return _form(request, user, form, INVALID)
    if given["reach"] == PROPOSE:
        let_propose(ApiToken.objects.get(digest=digest_of(secret)))
    return render(request, "setup/token_created.html", {"secret": secret, "name": given["name"]})


@admits("staff")
@require_POST
def revoke(request: Request, token_id: UUID) -> HttpResponse:
    """Make a token useless: one's own, or that of somebody one administers."""
    token = get_object_or_404(tokens_seen(request), pk=token_id)
    actions.revoke_token(token, actions.actor_of(request))
    toast_after_redirect(request, _("“%(name)s” no longer works.") % {"name": token.name})
    return redirect("setup_tokens")


def _holder(request: Request, service_id: UUID | None) -> User:
    """For whom a token is made: oneself, or a service that one administers. Raises Http404."""
    if service_id is None:
        return request.user
    if not _administers(request):
        services = User.objects.none()
    else:
        services = User.objects.filter(is_service=True, is_active=True, provisioning=None)
    return get_object_or_404(services.select_related("role"), pk=service_id)


def _administers(request: Request) -> bool:
    return request.user.role.key in ADMINISTRATORS


def tokens_seen(request: Request) -> Any:
    """Tokens that were not revoked: one's own, and those of whoever one administers; apps renew
    theirs themselves."""
    mine = Q(user=request.user)
    by = actions.actor_of(request)
    if by.is_owner:
        mine = Q()
    elif _administers(request):
        mine |= ~Q(user__role__key="owner")
    found = ApiToken.objects.filter(
        mine, revoked_at=None, user__is_active=True, app_access=None, door=ApiToken.Door.API
    )
    return found.select_related("user", "user__role", "agent_terms").order_by("-created_at", "-id")


def _list(request: Request, form: Form, status: int = 200) -> HttpResponse:
    found = list(tokens_seen(request))
    for token in found:
        token.told = scope_words(token.scopes or {})
    apps: list[Any] = list(own_accesses(request.user))
    for access in apps:
        access.told = sentences(access.scope)
    facts = {
        "apps": apps,
        "mine": [one for one in found if one.user_id == request.user.pk],
        "others": [one for one in found if one.user_id != request.user.pk],
        "services": User.objects.filter(is_service=True, provisioning=None).select_related("role"),
        "administers": _administers(request),
        "form": form,
    }
    return render(request, "setup/tokens.html", facts, status=status)


def _form(request: Request, user: User, form: TokenForm, status: int = 200) -> HttpResponse:
    ticked = request.POST.getlist("scope")
    principal = request.principal if user.pk == request.user.pk else principal_of(user)
    facts = {"form": form, "holder": user, "rows": scope_rows(principal, ticked)}
    return render(request, "setup/token_new.html", facts, status=status)
