"""Webhooks for owners and managers: the list, one of them, its secret and its switches."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from rapport.accounts.actions import actor_of
from rapport.accounts.principals import principal_of
from rapport.accounts.queries import workspace
from rapport.accounts.request import Request
from rapport.automation import actions
from rapport.automation.models import Webhook
from rapport.automation.queries import webhook_for, webhooks_for
from rapport.records.conditions import ConditionError
from rapport.records.reading import context_for
from rapport.records.store import Rejected
from rapport.setup.access import administrators_only
from rapport.setup.views.users import INVALID
from rapport.setup.webhooks.forms import WebhookForm, names_of, owner_of
from rapport.ui.toasts import toast_after_redirect


@administrators_only
@never_cache
@require_safe
def webhooks(request: Request) -> HttpResponse:
    """List those that the visitor may look after."""
    found = webhooks_for(actor_of(request))
    names_of(found)
    facts = {"webhooks": found, "quiet_since": workspace().quiet_since}
    return render(request, "setup/webhooks.html", facts)


@administrators_only
@never_cache
@sensitive_post_parameters("headers")
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: Request) -> HttpResponse:
    """Ask for a webhook; a post shows its secret, the only time it is seen."""
    by = actor_of(request)
    context = context_for(request.principal, request.workspace)
    form = WebhookForm(request.POST or None, None, by, context)
    if request.method != "POST":
        return render(request, "setup/webhook_new.html", {"form": form})
    if form.is_valid():
        try:
            webhook, secret = actions.create_webhook(owner_of(form), form.wish(), by)
            return _secret(request, webhook, secret)
        except Rejected as refused:
            form.add_faults(refused.fields)
    return render(request, "setup/webhook_new.html", {"form": form}, status=INVALID)


@administrators_only
@never_cache
@sensitive_post_parameters("headers")
@require_http_methods(["GET", "HEAD", "POST"])
def webhook(request: Request, webhook_id: UUID) -> HttpResponse:
    """Show one; a post changes it."""
    found = found_for(request, webhook_id)
    context = context_for(principal_of(found.owner), request.workspace)
    form = WebhookForm(request.POST or None, found, actor_of(request), context)
    if request.method != "POST":
        return _page(request, found, form)
    if form.is_valid():
        try:
            actions.change_webhook(found, form.wish(), actor_of(request))
            if "build" in request.POST and len(found.objects_heard) == 1:
                return redirect("setup_webhook_conditions", found.pk)
            toast_after_redirect(request, _("Saved."))
            return redirect("setup_webhook", found.pk)
        except Rejected as refused:
            form.add_faults(refused.fields)
        except ConditionError as problem:
            form.add_faults({"condition": str(problem)})
    return _page(request, found_for(request, webhook_id), form, INVALID)


@administrators_only
@require_POST
def rotate(request: Request, webhook_id: UUID) -> HttpResponse:
    """Give it another secret and show that once."""
    found = found_for(request, webhook_id)
    return _secret(request, found, actions.rotate_secret(found, actor_of(request)))


@administrators_only
@require_POST
def switch(request: Request, webhook_id: UUID) -> HttpResponse:
    """Switch it off, or on again."""
    found = found_for(request, webhook_id)
    if found.is_on:
        actions.switch_off(found, by=actor_of(request))
        toast_after_redirect(request, _("It hears of nothing any more; what waits stays."))
    else:
        was_held = found.is_held
        actions.switch_on(found, actor_of(request))
        said = (
            _("It is sent what waited.") if was_held else _("It hears of what happens from now on.")
        )
        toast_after_redirect(request, said)
    return redirect("setup_webhook", found.pk)


@administrators_only
@require_POST
def send_test(request: Request, webhook_id: UUID) -> HttpResponse:
    """Have a test message sent, and go where its outcome will be."""
    found = found_for(request, webhook_id)
    made = actions.send_test(found, actor_of(request))
    toast_after_redirect(request, _("A test message is on its way."))
    return redirect("setup_delivery", found.pk, made.id)


@administrators_only
@require_POST
def delete(request: Request, webhook_id: UUID) -> HttpResponse:
    """Forget it and what was sent to it."""
    found = found_for(request, webhook_id)
    actions.delete_webhook(found, actor_of(request))
    toast_after_redirect(request, _("“%(name)s” is gone.") % {"name": found.name})
    return redirect("setup_webhooks")


def found_for(request: Request, webhook_id: UUID) -> Webhook:
    """One that the visitor may look after. Raises Http404."""
    found = webhook_for(actor_of(request), webhook_id)
    if found is None:
        raise Http404
    return found


def _page(request: Request, found: Webhook, form: WebhookForm, status: int = 200) -> HttpResponse:
    facts = {"webhook": found, "form": form}
    facts |= {"quiet_since": workspace().quiet_since} if found.is_held else {}
    return render(request, "setup/webhook.html", facts, status=status)


def _secret(request: Request, webhook: Webhook, secret: str) -> HttpResponse:
    facts = {"webhook": webhook, "secret": secret}
    return render(request, "setup/webhook_secret.html", facts)
