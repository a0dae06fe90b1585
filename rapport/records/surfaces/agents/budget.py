"""How often an agent may ask, counted by the hour of the clock in one row of its token."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from rapport.records.models import AgentTerms, AgentUse
from rapport.records.surfaces.api.problems import Problem

KEPT_FOR = timedelta(days=90)
# Whoever calls at the same moment waits here for the other, so that both are counted.
SPEND = """
INSERT INTO records_agentuse AS used (token_id, hour, calls, writes)
VALUES (%(token)s, date_trunc('hour', now()), %(calls)s, %(writes)s)
ON CONFLICT (token_id, hour) DO UPDATE
SET calls = used.calls + excluded.calls, writes = used.writes + excluded.writes
"""
SPENT = """
SELECT coalesce(sum(calls) FILTER (WHERE hour = date_trunc('hour', now())), 0),
       coalesce(sum(calls), 0),
       coalesce(sum(writes) FILTER (WHERE hour = date_trunc('hour', now())), 0),
       coalesce(sum(writes), 0)
FROM records_agentuse
WHERE token_id = %(token)s AND hour > date_trunc('hour', now()) - interval '24 hours'
"""


@dataclass(frozen=True, slots=True)
class Spent:
    """What an agent has used: in this hour of the clock, and in the last 24 of them."""

    calls_per_hour: int = 0
    calls_per_day: int = 0
    writes_per_hour: int = 0
    writes_per_day: int = 0


@transaction.atomic
def spend(token_id: UUID | None, terms: AgentTerms | None, *, writes: bool) -> None:
    """Count a call, and a write if it is one; one too many is not counted.

    Raises Problem 429.
    """
    if token_id is None:
        return
    with connection.cursor() as cursor:
        cursor.execute(SPEND, {"token": token_id, "calls": 1, "writes": int(writes)})
    if terms is None:
        return
    for sentence in _exceeded(terms, spent(token_id), writes=writes):
        raise Problem(429, sentence)


def spent(token_id: UUID) -> Spent:
    """What the agent with this token has used; one statement."""
    with connection.cursor() as cursor:
        cursor.execute(SPENT, {"token": token_id})
        return Spent(*map(int, cursor.fetchone() or ()))


@app.periodic(cron="23 3 * * *")
@app.task(name="records.forget_agent_use", queue="maintenance")
def forget_agent_use(timestamp: int) -> None:
    """Let go of counts that nobody asks for any more."""
    AgentUse.objects.filter(hour__lt=timezone.now() - KEPT_FOR).delete()


def _exceeded(terms: AgentTerms, used: Spent, *, writes: bool) -> Iterator[str]:
    """A sentence for each limit that is passed."""
    if _is_over(terms.calls_per_hour, used.calls_per_hour):
        yield _("The %(n)d calls of this hour are used up. Go on in the next one.") % {
            "n": terms.calls_per_hour
        }
    if _is_over(terms.calls_per_day, used.calls_per_day):
        yield _("The %(n)d calls of 24 hours are used up. Go on later.") % {
            "n": terms.calls_per_day
        }
    if writes and _is_over(terms.writes_per_hour, used.writes_per_hour):
        yield _("The %(n)d changes of this hour are used up. Go on in the next one.") % {
            "n": terms.writes_per_hour
        }
    if writes and _is_over(terms.writes_per_day, used.writes_per_day):
        yield _("The %(n)d changes of 24 hours are used up. Go on later.") % {
            "n": terms.writes_per_day
        }


def _is_over(most: int | None, used: int) -> bool:
    return most is not None and used > most
