"""What a webhook was told: the list, one delivery, and sending again."""

from __future__ import annotations

import json
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from rapport.accounts.actions import actor_of
from rapport.accounts.request import Request
from rapport.automation import actions
from rapport.automation.models import Delivery, Webhook
from rapport.automation.queries import deliveries_of
from rapport.records.reading import context_for
from rapport.setup.access import administrators_only
from rapport.setup.views.users import INVALID
from rapport.setup.webhooks.forms import PeriodForm
from rapport.setup.webhooks.views import found_for
from rapport.ui.toasts import toast_after_redirect

PAGE = 50


@administrators_only
@never_cache
@require_safe
def deliveries(request: Request, webhook_id: UUID) -> HttpResponse:
    """The newest first, all of them or those in one state."""
    return _list(request, found_for(request, webhook_id), PeriodForm())


@administrators_only
@never_cache
@require_safe
def delivery(request: Request, webhook_id: UUID, delivery_id: UUID) -> HttpResponse:
    """One of them: what was sent, what came back, and each try."""
    webhook = found_for(request, webhook_id)
    found = _delivery(webhook, delivery_id)
    facts = {"webhook": webhook, "delivery": found, "payload": _indented(found.payload)}
    return render(request, "setup/delivery.html", facts)


@administrators_only
@require_POST
def replay(request: Request, webhook_id: UUID, delivery_id: UUID) -> HttpResponse:
    """Send one again."""
    webhook = found_for(request, webhook_id)
    found = _delivery(webhook, delivery_id)
    _say(request, actions.replay(found, actor_of(request)))
    return redirect("setup_delivery", webhook.pk, found.id)


@administrators_only
@require_POST
def replay_dead(request: Request, webhook_id: UUID) -> HttpResponse:
    """Send again what was given up."""
    webhook = found_for(request, webhook_id)
    _say(request, actions.replay_dead(webhook, actor_of(request)))
    return redirect("setup_deliveries", webhook.pk)


@administrators_only
@require_POST
def replay_period(request: Request, webhook_id: UUID) -> HttpResponse:
    """Send again what was made in some days."""
    webhook = found_for(request, webhook_id)
    form = PeriodForm(request.POST)
    if not form.is_valid():
        return _list(request, webhook, form, INVALID)
    moments = form.moments(context_for(request.principal, request.workspace))
    _say(request, actions.replay_period(webhook, *moments, actor_of(request)))
    return redirect("setup_deliveries", webhook.pk)


def _indented(payload: str) -> str:
    return json.dumps(json.loads(payload), indent=2, ensure_ascii=False) if payload else ""


def _delivery(webhook: Webhook, delivery_id: UUID) -> Delivery:
    found = deliveries_of(webhook).filter(id=delivery_id).first()
    if found is None:
        raise Http404
    found.webhook = webhook
    return found


def _list(request: Request, webhook: Webhook, form: PeriodForm, status: int = 200) -> HttpResponse:
    state, before = request.GET.get("state", ""), request.GET.get("before", "")
    state = state if state in Delivery.State.values else ""
    number = int(before) if before.isascii() and before.isdecimal() and len(before) < 19 else None
    found = list(deliveries_of(webhook, state, number).defer("payload")[: PAGE + 1])
    shown = found[:PAGE]
    facts = {
        "webhook": webhook,
        "deliveries": shown,
        "state": state,
        "states": Delivery.State.choices,
        "older": shown[-1].number if len(found) > PAGE else None,
        "form": form,
    }
    return render(request, "setup/deliveries.html", facts, status=status)


def _say(request: Request, number: int) -> None:
    if not number:
        toast_after_redirect(request, _("There was nothing to send again."))
        return
    words = ngettext("%(n)d is sent again.", "%(n)d are sent again.", number)
    toast_after_redirect(request, words % {"n": number})
