"""A task that is done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from rapport.accounts.principals import Principal
from rapport.records.store import change


def complete_task(
    principal: Principal, ids: Sequence[UUID], values: Mapping[str, Any], *, via: str = "web"
) -> UUID:
    """Mark tasks as done; the change set, to undo. Raises Denied, Missing."""
    with change(principal, via=via, title=_("Complete tasks")) as made:
        made.update_many("task", ids, {"status": "done"})
    return made.id
