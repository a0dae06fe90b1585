"""What the timeline tells of a record, asked for by when it was or will be."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Hashable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from rapport.accounts.principals import Principal
from rapport.records import access, timeline
from rapport.records.declare import Object
from rapport.records.kinds import Computed, Context, Why
from rapport.records.kinds.time import DateTime, settled
from rapport.records.models import TimelineEntry


class TimelineMoment(Computed, ABC):
    """A value of the timeline with a moment, by which records are found."""

    def __init__(self, label: Any, **options: Any) -> None:
        super().__init__(label, self._fetch, why=self._why, **options)
        self.moment = DateTime(label)

    @abstractmethod
    def _fetch(self, principal: Principal, ids: Sequence[UUID]) -> Mapping[UUID, Any]: ...

    @abstractmethod
    def _why(self, principal: Principal, record_id: UUID) -> Why | None: ...

    @abstractmethod
    def _where(self, entries: QuerySet[TimelineEntry], op: str, at: Any) -> Q:
        """Which records are meant, by the entries that the reader may see."""

    def argument(self, op: str, raw: Any, context: Context) -> Any:
        return self.moment.argument(op, raw, context)

    def told(self, argument: Any, context: Context) -> str:
        return self.moment.told(argument, context)

    def asked(self, op: str, argument: Any, context: Context) -> tuple[Q, Hashable]:
        """Of what the reader may see, as the field shows it."""
        seen = timeline.sight(context.principal)
        op, at = settled(op, argument)
        return self._where(timeline.glimpsed_in(seen), op, at), seen


def page_of(principal: Principal, declaration: type[Object], source_id: UUID) -> str:
    """Where more is told of an entry's source; nowhere of what somebody else keeps private."""
    is_open = access.reachable(principal, declaration.name, [source_id], "view")
    return declaration.url(source_id) if is_open else ""
