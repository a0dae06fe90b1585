"""The last touch: when they or we were last in contact, and how."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Now
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rapport.accounts.principals import Principal
from rapport.activities.parts.moments import TimelineMoment, page_of
from rapport.records import registry, timeline
from rapport.records.compiled import Compiled, JSONArray, compiled
from rapport.records.kinds import Context, Why
from rapport.records.models import TimelineEntry
from rapport.records.reading import fetch_one
from rapport.ui.components import icon
from rapport.ui.html import Markup

NEVER = Markup('<span class="muted">{}</span>')
TOUCH = Markup('<span class="row gap-1 nw" title="{}">{}{}</span>')

WORDS = {
    ("call", "in"): gettext_lazy("they called"),
    ("call", "out"): gettext_lazy("we called"),
    ("meeting", "in"): gettext_lazy("we met"),
    ("meeting", "out"): gettext_lazy("we met"),
    ("", "in"): gettext_lazy("they got in touch"),
    ("", "out"): gettext_lazy("we got in touch"),
}


@dataclass(frozen=True, slots=True)
class Touch:
    """The newest contact that is not ahead."""

    at: datetime
    direction: str
    kind: str
    source_id: UUID

    @property
    def words(self) -> str:
        """Who did what."""
        return str(WORDS.get((self.kind, self.direction)) or WORDS["", self.direction])


class LastTouch(TimelineMoment):
    """When they or we were last in contact."""

    type = "last_touch"
    operators = ("lt", "lte", "gt", "gte", "empty", "filled")

    def _fetch(self, principal: Principal, ids: Sequence[UUID]) -> Mapping[UUID, Touch]:
        return {key: one for key, one in fetch_one(self, principal, ids).items() if one}

    def query(self, principal: Principal) -> Compiled:
        return _touches(registry.edition(), timeline.sight(principal))

    def gather(self, record_id: UUID, rows: Sequence[Any]) -> Touch | None:
        for at, direction, kind, source in rows:
            return Touch(datetime.fromisoformat(at), direction, kind, UUID(source))
        return None

    def _why(self, principal: Principal, record_id: UUID) -> Why | None:
        touch = self._fetch(principal, [record_id]).get(record_id)
        if touch is None:
            return None
        declaration = registry.get(touch.kind)
        url = page_of(principal, declaration, touch.source_id)
        return Why(
            _("The newest call, meeting or message that is not ahead, in either direction."),
            at=touch.at,
            lines=((touch.words, str(declaration.label), url),),
        )

    def plain(self, value: Touch | None, context: Context) -> str:
        if value is None:
            return ""
        return f"{self.moment.plain(value.at, context)}, {value.words}"

    def show(self, value: Touch | None, context: Context) -> SafeString:
        if value is None:
            return NEVER(_("never"))
        return TOUCH(
            value.words,
            icon("in" if value.direction == "in" else "out", small=True),
            self.moment.show(value.at, context),
        )

    def json(self, value: Touch | None) -> Any:
        if value is None:
            return None
        at = self.moment.json(value.at)
        return {"at": at, "direction": value.direction, "kind": value.kind}

    def export(self, value: Touch | None, context: Context) -> str:
        return self.moment.json(value.at) if value else ""

    def _where(self, entries: QuerySet[TimelineEntry], op: str, at: Any) -> Q:
        touched = entries.filter(record_id=OuterRef("pk"), at__lte=Now()).exclude(direction="")
        if op in ("empty", "filled"):
            return Q(~Exists(touched) if op == "empty" else Exists(touched))
        # The newest lies before a day if there is one and none since.
        later = touched.filter(**{f"at__{'gte' if op in ('lt', 'gte') else 'gt'}": at})
        if op in ("gt", "gte"):
            return Q(Exists(later))
        return Q(Exists(touched)) & Q(~Exists(later))


@lru_cache(maxsize=1024)
def _touches(_edition: int, seen: timeline.Sight) -> Compiled:
    touch = JSONArray("at", "direction", "kind", "source_id")
    return compiled(timeline.latest_in(seen).values_list("record_id", touch))
