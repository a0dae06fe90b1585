"""The pulse: twelve weeks of contact in both directions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from rapport.accounts.principals import Principal
from rapport.kit.formats import format_day
from rapport.records import timeline
from rapport.records.compiled import Compiled
from rapport.records.kinds import Computed, Context, Why
from rapport.records.reading import fetch_one
from rapport.ui.components import pulse

WEEKS = 12
# By weeks ago: those gone by are counted already, of this one only what is not ahead.
COUNTS = Compiled("""
WITH here AS (
  SELECT coalesce((SELECT timezone FROM accounts_workspace LIMIT 1), 'UTC') AS zone
), this AS (
  SELECT zone, date_trunc('week', statement_timestamp() AT TIME ZONE zone)::date AS monday FROM here
)
SELECT record_id, jsonb_build_array(((SELECT monday FROM this) - week) / 7, inbound, outbound)
FROM records_contactweek
WHERE record_id = ANY (%(ids)s)
  AND week > (SELECT monday - 84 FROM this) AND week < (SELECT monday FROM this)
UNION ALL
SELECT record_id, jsonb_build_array(0, count(*) FILTER (WHERE direction = 'in'),
                                    count(*) FILTER (WHERE direction = 'out'))
FROM records_timelineentry
WHERE record_id = ANY (%(ids)s) AND NOT (direction = '')
  AND at >= (SELECT monday::timestamp AT TIME ZONE zone FROM this) AND at <= statement_timestamp()
GROUP BY record_id
""")


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
        return fetch_one(self, principal, ids)

    def query(self, principal: Principal) -> Compiled:
        return COUNTS

    def gather(self, record_id: UUID, rows: Sequence[Any]) -> Beat:
        if not rows:
            return SILENCE
        inbound, outbound = [0] * WEEKS, [0] * WEEKS
        for ago, them, us in rows:
            inbound[WEEKS - 1 - ago] = them
            outbound[WEEKS - 1 - ago] = us
        return Beat(tuple(inbound), tuple(outbound))

    def _why(self, principal: Principal, record_id: UUID) -> Why:
        beat = self._fetch(principal, [record_id])[record_id]
        weeks = _weeks()
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


def _weeks() -> list[date]:
    """The Mondays of the last twelve weeks."""
    zone = timeline.workspace_zone()
    today = timezone.now().astimezone(zone).date()
    monday = today - timedelta(days=today.weekday())
    return [monday - timedelta(weeks=ago) for ago in range(WEEKS - 1, -1, -1)]
