"""Webhooks, and what was sent to them."""

from rapport.automation.models.delivery import Delivery
from rapport.automation.models.webhook import Webhook

__all__ = ["Delivery", "Webhook"]
