"""Verbs of webhooks."""

from rapport.automation.actions.keeping import (
    Wish,
    change_webhook,
    create_webhook,
    delete_webhook,
    rotate_secret,
    wish_of,
)
from rapport.automation.actions.replaying import replay, replay_dead, replay_period, send_test
from rapport.automation.actions.switching import go_on, switch_off, switch_on

__all__ = [
    "Wish",
    "change_webhook",
    "create_webhook",
    "delete_webhook",
    "go_on",
    "replay",
    "replay_dead",
    "replay_period",
    "rotate_secret",
    "send_test",
    "switch_off",
    "switch_on",
    "wish_of",
]
