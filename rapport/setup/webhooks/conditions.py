"""Which records a webhook hears of, built of parts and counted with the eyes of its owner."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from rapport.accounts.actions import actor_of
from rapport.accounts.principals import principal_of
from rapport.accounts.request import Request
from rapport.automation.actions import change_webhook, wish_of
from rapport.automation.models import Webhook
from rapport.records import registry
from rapport.records.conditions import ConditionError, Group, from_json, to_json
from rapport.records.kinds import Context
from rapport.records.reading import context_for
from rapport.records.surfaces.building.hosting import Host, build_in, count_in, with_condition
from rapport.records.surfaces.listing.state import read_state
from rapport.records.surfaces.redirects import send_to
from rapport.setup.access import administrators_only
from rapport.setup.webhooks.views import found_for
from rapport.ui.toasts import toast_after_redirect


@administrators_only
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def build(request: Request, webhook_id: UUID) -> HttpResponse:
    """Its condition as parts to change; applied it is kept at once."""
    return build_in(request, _host(request, found_for(request, webhook_id)))


@administrators_only
@never_cache
@require_POST
def count(request: Request, webhook_id: UUID) -> HttpResponse:
    """How many records of today it would hear of."""
    return count_in(request, _host(request, found_for(request, webhook_id)))


def is_narrowed(webhook: Webhook) -> bool:
    """Whether it hears of one kind of record, so that a condition can say of which."""
    several = webhook.objects_heard
    return len(several) == 1 and registry.is_declared(several[0])


def eyes_of(request: Request, webhook: Webhook) -> Context:
    """What its owner sees, in the words of whoever looks."""
    own = request.principal
    eyes = replace(
        principal_of(webhook.owner),
        language=own.language,
        locale=own.locale,
        timezone=own.timezone,
    )
    return context_for(eyes, request.workspace)


def _host(request: Request, webhook: Webhook) -> Host:
    if not is_narrowed(webhook):
        raise Http404
    declaration = registry.get(webhook.objects_heard[0])
    state = read_state(QueryDict(), declaration, eyes_of(request, webhook), views=())
    back = reverse("setup_webhook", args=[webhook.pk])

    def apply(condition: Group) -> HttpResponse:
        tree: Any = to_json(condition) if condition.parts else None
        wish = replace(wish_of(webhook), condition=tree)
        change_webhook(webhook, wish, actor_of(request))
        toast_after_redirect(request, _("Saved."))
        return send_to(request, back)

    address = reverse("setup_webhook_conditions", args=[webhook.pk])
    return Host(
        with_condition(state, _present(webhook)),
        address,
        back,
        apply,
        is_page=True,
        title=webhook.name,
    )


def _present(webhook: Webhook) -> Group:
    """Nothing where there is none, or it can't be asked any more."""
    if webhook.condition is None:
        return Group()
    try:
        found = from_json(webhook.condition)
    except ConditionError:
        return Group()
    return found if isinstance(found, Group) else Group((found,))
