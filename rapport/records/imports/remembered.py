"""What a team chose for a file with the same columns the last time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from rapport.accounts.principals import Principal
from rapport.records.imports.running.plan import KNOWN
from rapport.records.models import ImportRun

LOOKED_THROUGH = 50


@dataclass(frozen=True, slots=True)
class Remembered:
    """The columns of an earlier import, each with where it went."""

    filename: str
    at: datetime
    mapping: list[dict[str, Any]]

    @property
    def chosen(self) -> list[str]:
        """The field of each column, empty for one that was left out."""
        return [one["field"] for one in self.mapping]

    @property
    def values(self) -> list[dict[str, str]]:
        """What was chosen for words of each column, by the word."""
        return [one.get("values") or {} for one in self.mapping]


def remembered(
    principal: Principal, name: str, columns: Sequence[str], *, in_set: bool = False
) -> Remembered | None:
    """The latest import of an object whose file had these columns, by the principal's team; one
    that came alone for a file that does, one of a set for those of a set."""
    runs = (
        ImportRun.objects.exclude(policy=KNOWN)
        .filter(
            object=name,
            is_dry_run=False,
            set__isnull=not in_set,
            state=ImportRun.State.DONE,
            user_id__in=[*principal.team_user_ids, principal.user_id],
        )
        .order_by("-created_at")[:LOOKED_THROUGH]
    )
    for run in runs:
        if [one["column"] for one in run.mapping] == list(columns):
            return Remembered(run.filename, run.created_at, run.mapping)
    return None
