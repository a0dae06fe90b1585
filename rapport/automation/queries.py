"""Webhooks and their deliveries, as those see them who look after them."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Count, Q, QuerySet

from rapport.accounts.actions.actor import Actor
from rapport.accounts.models import User
from rapport.automation.models import Delivery, Webhook
from rapport.automation.webhooks.rank import may_touch


def webhooks_for(by: Actor) -> list[Webhook]:
    """Those that the actor may see and change, each with how many deliveries wait or were given
    up (`waiting`, `dead`)."""
    numbers = {
        state: Count("deliveries", filter=Q(deliveries__state=state))
        for state in (Delivery.State.WAITING.value, Delivery.State.DEAD.value)
    }
    found = Webhook.objects.select_related("owner", "owner__role").annotate(**numbers)
    return [one for one in found if may_touch(by, one.owner)]


def webhook_for(by: Actor, webhook_id: UUID) -> Webhook | None:
    """One that the actor may see and change."""
    found = Webhook.objects.select_related("owner", "owner__role").filter(pk=webhook_id).first()
    return found if found is not None and may_touch(by, found.owner) else None


def deliveries_of(
    webhook: Webhook, state: str = "", before: int | None = None
) -> QuerySet[Delivery]:
    """What it was told, newest first; `before` leaves out those with this number and above."""
    found = Delivery.objects.filter(webhook=webhook).order_by("-number")
    if state:
        found = found.filter(state=state)
    return found if before is None else found.filter(number__lt=before)


def may_be_eyes(by: Actor) -> list[User]:
    """The users with whose eyes a webhook of the actor's may look: himself, and services."""
    services = User.objects.filter(is_service=True, is_active=True).select_related("role")
    himself = [by.user] if by.user is not None else []
    return [*himself, *(one for one in services.order_by("name") if may_touch(by, one))]
