"""Addresses of webhooks in the API."""

from collections.abc import Callable
from typing import Any

from django.urls import URLPattern, path

from rapport.automation.api import deliveries, webhooks
from rapport.automation.api.openapi import webhook_paths
from rapport.records.surfaces.api.methods import by_method
from rapport.records.surfaces.api.openapi import add_paths

ALL = "api/v1/webhooks"
ONE = f"{ALL}/<uuid:webhook_id>"
DELIVERY = f"{ONE}/deliveries/<uuid:delivery_id>"


def _both(route: str, view: Callable[..., Any], name: str) -> list[URLPattern]:
    return [path(route, view, name=name), path(f"{route}/", view, name=f"{name}-slash")]


urlpatterns = [
    *_both(
        ALL,
        by_method(GET=webhooks.list_webhooks, POST=webhooks.create_webhook),
        "api-webhooks",
    ),
    *_both(
        ONE,
        by_method(
            GET=webhooks.get_webhook,
            PATCH=webhooks.patch_webhook,
            DELETE=webhooks.delete_webhook,
        ),
        "api-webhook",
    ),
    *_both(f"{ONE}/secret", by_method(POST=webhooks.rotate_secret), "api-webhook-secret"),
    *_both(f"{ONE}/test", by_method(POST=webhooks.send_test), "api-webhook-test"),
    *_both(f"{ONE}/replay", by_method(POST=webhooks.replay_many), "api-webhook-replay"),
    *_both(f"{ONE}/deliveries", by_method(GET=deliveries.list_deliveries), "api-deliveries"),
    *_both(DELIVERY, by_method(GET=deliveries.get_delivery), "api-delivery"),
    *_both(f"{DELIVERY}/replay", by_method(POST=deliveries.replay), "api-delivery-replay"),
]
add_paths(webhook_paths)
