"""The next one of a task or call that repeats: made when one is done, so that one is open.

The rule goes over to the next one: what is reopened and done again makes no second.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Model
from django.utils import timezone

from rapport.accounts.principals import Principal
from rapport.activities.recurrence.keeping import add_like, zones_of
from rapport.activities.recurrence.rules import next_of
from rapport.records.declare import Gate

ALIKE = ("private", "owner_id", "created_by_id")


@dataclass(frozen=True, slots=True)
class NextOne:
    """How the next of an object follows: `at` says when one is, `told_by` has one of `done` once it
    is done; the next has what is `copied`, and `fresh`."""

    model: type[Model]
    at: str
    told_by: str
    done: Sequence[str]
    fresh: Mapping[str, Any]
    copied: Sequence[str]

    @property
    def gate(self) -> Gate:
        """To be passed by whatever completes one; it never refuses."""
        return Gate(frozenset({self.told_by}), self._told, self._follow)

    def _told(self, keys: Sequence[UUID]) -> Mapping[UUID, str]:
        rows = self.model._default_manager.filter(pk__in=keys)
        return dict(rows.values_list("pk", self.told_by))

    def _follow(
        self, principal: Principal, keys: Sequence[UUID], before: Mapping[UUID, str]
    ) -> None:
        open_before = [key for key in keys if before.get(key) not in self.done]
        rows = self.model._default_manager.filter(pk__in=open_before, deleted_at__isnull=True)
        repeating = rows.filter(**{f"{self.told_by}__in": self.done}).exclude(repeats="")
        done: list[Any] = [*repeating]
        if not done:
            return
        zones, now = zones_of(done), timezone.now()
        following = (self._next(one, zones[one.pk], now, principal) for one in done)
        add_like(self.model, [row for row in following if row is not None])
        rows.filter(pk__in=[one.pk for one in done]).update(repeats="")

    def _next(
        self, one: Any, zone: str, now: datetime, principal: Principal
    ) -> dict[str, Any] | None:
        """Behind the day it was for, and not in the past: what was missed does not pile up."""
        at = getattr(one, self.at) or now
        found = next_of(one.repeats, at, zone, max(at, now))
        if found is None:
            return None
        copied = {name: getattr(one, name) for name in (*self.copied, *ALIKE)}
        return copied | {
            **self.fresh, self.at: found[0], "repeats": found[1], "like": one.pk,
            "updated_by_id": principal.user_id,
        }  # fmt: skip
