"""Addresses of the pages of webhooks, and their place among the settings."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from rapport.setup.views.index import Entry, add_entry
from rapport.setup.webhooks import conditions, deliveries, speaking, views

ONE = "setup/webhooks/<uuid:webhook_id>"

urlpatterns = [
    path("setup/webhooks/", views.webhooks, name="setup_webhooks"),
    path("setup/webhooks/speak/", speaking.speak, name="setup_speak"),
    path("setup/webhooks/new/", views.new, name="setup_webhook_new"),
    path(f"{ONE}/", views.webhook, name="setup_webhook"),
    path(f"{ONE}/conditions/", conditions.build, name="setup_webhook_conditions"),
    path(f"{ONE}/conditions/count/", conditions.count, name="setup_webhook_conditions_count"),
    path(f"{ONE}/secret/", views.rotate, name="setup_webhook_secret"),
    path(f"{ONE}/switch/", views.switch, name="setup_webhook_switch"),
    path(f"{ONE}/test/", views.send_test, name="setup_webhook_test"),
    path(f"{ONE}/delete/", views.delete, name="setup_webhook_delete"),
    path(f"{ONE}/deliveries/", deliveries.deliveries, name="setup_deliveries"),
    path(f"{ONE}/deliveries/dead/", deliveries.replay_dead, name="setup_deliveries_dead"),
    path(f"{ONE}/deliveries/period/", deliveries.replay_period, name="setup_deliveries_period"),
    path(f"{ONE}/deliveries/<uuid:delivery_id>/", deliveries.delivery, name="setup_delivery"),
    path(
        f"{ONE}/deliveries/<uuid:delivery_id>/replay/",
        deliveries.replay,
        name="setup_delivery_replay",
    ),
]

add_entry(
    views.webhooks,
    Entry("setup_webhooks", _("Webhooks"), _("Other programs hear of changes"), "send", "programs"),
)
