"""The pulse: twelve weeks of contact in both directions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from rapport.accounts.principals import Principal
from rapport.kit.formats import format_day
from rapport.records import timeline
from rapport.records.kinds import Computed, Context, Why
from rapport.ui.components import pulse

WEEKS = 12
# Weeks gone by are counted already; of this one only what is not ahead.
COUNTS = """
SELECT record_id, week, inbound, outbound FROM records_contactweek
WHERE record_id = ANY (%(ids)s) AND week >= %(first)s AND week < %(this)s
UNION ALL
SELECT record_id, %(this)s::date, count(*) FILTER (WHERE direction = 'in'),
       count(*) FILTER (WHERE direction = 'out')
FROM records_timelineentry
WHERE record_id = ANY (%(ids)s) AND NOT (direction = '') AND at >= %(monday)s
  AND at <= statement_timestamp()
GROUP BY record_id
"""


@dataclass(frozen=True, slots=True)
class Beat:
    """Contacts per week, the oldest first."""

    inbound: tuple[int, ...] = (0,) * WEEKS
    outbound: tuple[int, ...] = (0,) * WEEKS


SILENCE = Beat()


class Pulse(Computed):
    """Twelve weeks of contact on one line: theirs above, ours below."""

    type = "pulse"

    def __init__(self, label: Any, **options: Any) -> None:
        super().__init__(label, self._fetch, why=self._why, **options)

    def _fetch(self, principal: Principal, ids: Sequence[UUID]) -> Mapping[UUID, Beat]:
        weeks, monday = _weeks()
        counts = {record_id: ([0] * WEEKS, [0] * WEEKS) for record_id in ids}
        with connection.cursor() as cursor:
            given: dict[str, Any] = {
                "ids": list(ids),
                "first": weeks[0],
                "this": weeks[-1],
                "monday": monday,
            }
            cursor.execute(COUNTS, given)
            for record_id, week, inbound, outbound in cursor.fetchall():
                place = weeks.index(week)
                counts[record_id][0][place] = inbound
                counts[record_id][1][place] = outbound
        return {key: Beat(tuple(them), tuple(us)) for key, (them, us) in counts.items()}

    def _why(self, principal: Principal, record_id: UUID) -> Why:
        beat = self._fetch(principal, [record_id])[record_id]
        weeks, _monday = _weeks()
        lines = [
            (
                format_day(week, principal.locale or principal.language),
                _("%(them)d from them, %(us)d from us") % {"them": them, "us": us},
                "",
            )
            for week, them, us in zip(weeks, beat.inbound, beat.outbound, strict=True)
            if them or us
        ]
        rule = _(
            "Calls and meetings of the last twelve weeks, counted per week from Monday in the "
            "time zone of the workspace; what is planned or cancelled does not count."
        )
        return Why(rule, at=timezone.now(), lines=tuple(lines))

    def plain(self, value: Beat | None, context: Context) -> str:
        beat = value or SILENCE
        return _("%(them)d from them, %(us)d from us") % {
            "them": sum(beat.inbound),
            "us": sum(beat.outbound),
        }

    def show(self, value: Beat | None, context: Context) -> SafeString:
        beat = value or SILENCE
        return pulse(beat.inbound, beat.outbound)

    def json(self, value: Beat | None) -> Any:
        beat = value or SILENCE
        return {"inbound": list(beat.inbound), "outbound": list(beat.outbound)}

    def export(self, value: Beat | None, context: Context) -> str:
        beat = value or SILENCE
        return f"{sum(beat.inbound)}/{sum(beat.outbound)}"


def _weeks() -> tuple[list[date], datetime]:
    """The Mondays of the last twelve weeks, and the moment at which this week began."""
    zone = timeline.workspace_zone()
    today = timezone.now().astimezone(zone).date()
    monday = today - timedelta(days=today.weekday())
    days = [monday - timedelta(weeks=ago) for ago in range(WEEKS - 1, -1, -1)]
    return days, datetime.combine(monday, time(), zone)
