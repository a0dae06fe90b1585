"""Webhooks for programs of owners and managers."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _

from rapport.accounts.actions import actor_of
from rapport.accounts.actions.actor import Actor
from rapport.accounts.models import User
from rapport.accounts.request import Request
from rapport.automation import actions
from rapport.automation.api.bodies import read_period, read_wish
from rapport.automation.models import Webhook
from rapport.automation.queries import may_be_eyes, webhook_for, webhooks_for
from rapport.records import access
from rapport.records.store import Rejected
from rapport.records.surfaces.api.bodies import read_object
from rapport.records.surfaces.api.collection import check_parameters
from rapport.records.surfaces.api.documents import answer_json


def list_webhooks(request: Request) -> HttpResponse:
    """Those that the asker may look after, by name."""
    by = administrator(request)
    return answer_json({"data": [_document(one) for one in webhooks_for(by)]})


def create_webhook(request: Request) -> HttpResponse:
    """Make one: 201 with its secret, which is not told again."""
    by = administrator(request)
    sent = read_object(request)
    wish = read_wish(sent, None)
    webhook, secret = actions.create_webhook(_owner(by, sent.get("owner")), wish, by)
    return _with_secret(webhook, secret, 201, Location=f"/api/v1/webhooks/{webhook.pk}")


def get_webhook(request: Request, webhook_id: UUID) -> HttpResponse:
    """One of them; its secret and the values of its headers are not told."""
    return answer_json(_document(found_for(administrator(request), webhook_id)))


def patch_webhook(request: Request, webhook_id: UUID) -> HttpResponse:
    """Change what the body names, and switch it on or off."""
    by = administrator(request)
    found = found_for(by, webhook_id)
    sent = read_object(request)
    actions.change_webhook(found, read_wish(sent, found), by)
    if sent.get("is_on") is True:
        actions.switch_on(found, by)
    elif sent.get("is_on") is False:
        actions.switch_off(found, by=by)
    return answer_json(_document(found_for(by, webhook_id)))


def delete_webhook(request: Request, webhook_id: UUID) -> HttpResponse:
    """Forget it and what was sent to it."""
    by = administrator(request)
    actions.delete_webhook(found_for(by, webhook_id), by)
    return HttpResponse(status=204)


def rotate_secret(request: Request, webhook_id: UUID) -> HttpResponse:
    """Give it another secret; for a day the one before signs too."""
    by = administrator(request)
    found = found_for(by, webhook_id)
    return _with_secret(found, actions.rotate_secret(found, by), 200)


def send_test(request: Request, webhook_id: UUID) -> HttpResponse:
    """Have a message sent that tells of nothing: 202 with its delivery."""
    by = administrator(request)
    made = actions.send_test(found_for(by, webhook_id), by)
    place = f"/api/v1/webhooks/{webhook_id}/deliveries/{made.id}"
    return answer_json({"delivery": str(made.id)}, 202, Location=place)


def replay_many(request: Request, webhook_id: UUID) -> HttpResponse:
    """Send again what was given up, or all from `since` and before `until`."""
    by = administrator(request)
    found = found_for(by, webhook_id)
    period = read_period(read_object(request))
    if period is None:
        return answer_json({"replayed": actions.replay_dead(found, by)})
    return answer_json({"replayed": actions.replay_period(found, *period, by)})


def administrator(request: Request, known: frozenset[str] = frozenset()) -> Actor:
    """Who asks. Raises Denied for all but owners and managers, and for tokens that may do less."""
    if not request.principal.administers:
        raise access.Denied(
            _("Owners and managers look after webhooks, with tokens that may do all they may.")
        )
    check_parameters(request.GET, known)
    return actor_of(request)


def found_for(by: Actor, webhook_id: UUID) -> Webhook:
    """One that the asker may look after. Raises Http404."""
    found = webhook_for(by, webhook_id)
    if found is None:
        raise Http404
    return found


def _owner(by: Actor, key: str | None) -> User:
    """With whose eyes it looks: the asker's, or those of a service. Raises Rejected."""
    eyes = {str(one.pk): one for one in may_be_eyes(by)}
    owner = next(iter(eyes.values())) if key is None else eyes.get(key.lower())
    if owner is None:
        raise Rejected({"owner": _("This is you, or a program that you administer.")})
    return owner


def _with_secret(webhook: Webhook, secret: str, status: int, **headers: str) -> HttpResponse:
    headers["Cache_Control"] = "no-store"
    return answer_json(_document(webhook) | {"secret": secret}, status, **headers)


def _document(one: Webhook) -> dict[str, Any]:
    return {
        "id": one.pk,
        "name": one.name,
        "url": one.url,
        "owner": one.owner_id,
        "objects": one.objects_heard,
        "events": one.events,
        "condition": one.condition,
        "fields": one.fields,
        "undo": one.hears_undo,
        "imports": one.hears_imports,
        "headers": one.header_names,
        "is_on": one.is_on,
        "off_at": one.off_at,
        "off_reason": one.off_reason or None,
        "failing_since": one.failing_since,
        "succeeded_at": one.succeeded_at,
        "old_secret_until": one.old_secret_until,
    }
