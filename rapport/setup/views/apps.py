"""Apps of others that people here may let act for them: registered, changed, removed."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from rapport.accounts.actions import actor_of, may_administer
from rapport.accounts.models import OAuthApp
from rapport.accounts.oauth.granting import withdraw
from rapport.accounts.oauth.queries import accesses, apps
from rapport.accounts.oauth.registering import (
    change_app,
    change_app_hosts,
    create_app,
    remove_app,
    renew_app_secret,
)
from rapport.accounts.oauth.sites import issuer
from rapport.accounts.queries import workspace
from rapport.accounts.request import Request
from rapport.accounts.routes import admits
from rapport.setup.access import administrators_only
from rapport.setup.app_forms import AppForm, HostsForm, sentences, ticked_of
from rapport.setup.token_forms import scope_rows
from rapport.setup.views.users import INVALID
from rapport.ui.toasts import toast_after_redirect


@administrators_only
@never_cache
@require_safe
def all_apps(request: Request) -> HttpResponse:
    """List what is registered."""
    return _list(request, HostsForm(initial={"hosts": "\n".join(workspace().app_hosts)}))


@administrators_only
@require_POST
def hosts(request: Request) -> HttpResponse:
    """Say whose apps may come by themselves."""
    form = HostsForm(request.POST)
    if form.is_valid():
        try:
            change_app_hosts(form.cleaned_data["hosts"], actor_of(request))
        except ValidationError as faults:
            form.add_error("hosts", faults.messages)
    if not form.is_valid():
        return _list(request, form, INVALID)
    toast_after_redirect(request, _("Saved."))
    return redirect("setup_apps")


@administrators_only
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: Request) -> HttpResponse:
    """Ask what the app is; a post registers it and shows its secret, the only time it is seen."""
    if request.method != "POST":
        return _form(request, AppForm())
    form = AppForm(request.POST)
    if not form.is_valid():
        return _form(request, form, INVALID)
    is_confidential = form.cleaned_data["kind"] != "public"
    try:
        app, secret = create_app(form.values(), actor_of(request), is_confidential=is_confidential)
    except ValidationError as faults:
        form.add_error(None, faults.messages)
        return _form(request, form, INVALID)
    return _made(request, app, secret)


@administrators_only
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def app(request: Request, app_id: UUID) -> HttpResponse:
    """Show an app and who let it in; a post changes it."""
    found = _app(app_id)
    if request.method != "POST":
        return _page(request, found, AppForm.of(found), ticked_of(found))
    form = AppForm(request.POST).about(found)
    if not form.is_valid():
        return _page(request, found, form, request.POST.getlist("scope"), INVALID)
    try:
        change_app(found, form.values(), actor_of(request))
    except ValidationError as faults:
        form.add_error(None, faults.messages)
        return _page(request, found, form, request.POST.getlist("scope"), INVALID)
    toast_after_redirect(request, _("Saved."))
    return redirect("setup_app", app_id)


@administrators_only
@never_cache
@require_POST
def secret(request: Request, app_id: UUID) -> HttpResponse:
    """Show a new secret, the only time it is seen; the old one is good for nothing then."""
    found = get_object_or_404(apps().exclude(secret_digest=""), pk=app_id)
    return _made(request, found, renew_app_secret(found, actor_of(request)))


@administrators_only
@require_POST
def remove(request: Request, app_id: UUID) -> HttpResponse:
    """Let the app in no more."""
    found = _app(app_id)
    remove_app(found, actor_of(request))
    toast_after_redirect(request, _("“%(name)s” is let in no more.") % {"name": found.name})
    return redirect("setup_apps")


@admits("staff")
@require_POST
def end_access(request: Request, access_id: UUID) -> HttpResponse:
    """End what an app may do for oneself, or for somebody whom one administers."""
    by = actor_of(request)
    found = get_object_or_404(accesses(), pk=access_id)
    is_mine = found.token.user_id == request.user.pk
    if not is_mine and not may_administer(by, found.token.user):
        # As if it were not there.
        found = get_object_or_404(accesses().none(), pk=access_id)
    withdraw(found, by)
    toast_after_redirect(request, _("“%(name)s” is out.") % {"name": found.app.name})
    return redirect(
        reverse("setup_tokens") if is_mine else reverse("setup_app", args=[found.app_id])
    )


def _app(app_id: UUID) -> OAuthApp:
    """Raises Http404."""
    found: OAuthApp = get_object_or_404(apps(), pk=app_id)
    return found


def _list(request: Request, form: HostsForm, status: int = 200) -> HttpResponse:
    facts = {"apps": apps(), "site": issuer(request), "form": form}
    return render(request, "setup/apps.html", facts, status=status)


def _form(request: Request, form: AppForm, status: int = 200) -> HttpResponse:
    rows = scope_rows(request.principal, request.POST.getlist("scope"))
    return render(request, "setup/app_new.html", {"form": form, "rows": rows}, status=status)


def _made(request: Request, found: OAuthApp, secret: str) -> HttpResponse:
    return render(request, "setup/app_made.html", {"app": found, "secret": secret})


def _page(
    request: Request, found: OAuthApp, form: AppForm, ticked: list[str], status: int = 200
) -> HttpResponse:
    by = actor_of(request)
    people: list[Any] = list(accesses().filter(app=found))
    for one in people:
        one.told = sentences(one.scope)
        one.may_be_ended = may_administer(by, one.token.user)
    facts = {
        "app": found,
        "form": form,
        "rows": scope_rows(request.principal, ticked),
        "people": people,
    }
    return render(request, "setup/app.html", facts, status=status)
