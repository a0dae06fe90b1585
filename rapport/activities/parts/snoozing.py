"""The verb by which one is told of a task or a meeting again later."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from rapport.accounts.principals import Principal
from rapport.records.declare import Action
from rapport.records.kinds.choice import Choice
from rapport.records.notifications.snoozing import LATER, snooze_records


def snoozing(name: str) -> Action:
    """The action for one object; of many records at once one is told tomorrow."""

    def run(principal: Principal, ids: Sequence[UUID], values: Mapping[str, Any]) -> None:
        snooze_records(principal, name, ids, values.get("until") or "tomorrow")

    asked = Choice(_("Tell me again"), LATER, default="h1", required=True)
    return Action(
        "snooze", _("Snooze"), run, icon="clock", needs="view", form={"until": asked},
        form_may_wait=True, applies=lambda record: record.is_open,
    )  # fmt: skip
