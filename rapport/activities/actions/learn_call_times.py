"""Learning from all calls at which hours of their week people answer."""

from __future__ import annotations

from collections import defaultdict

from django.db import connection, transaction

from rapport.activities.calling.chances import of_country, of_everybody
from rapport.activities.models import CallPattern
from rapport.kit.zones import zones_of_countries

#: Calls of two years by country and hour of the week there. Private ones are left out, and those
#: of which nobody said what came of them; whoever calls us is there to be reached.
TALLY = """
WITH zones AS (SELECT * FROM unnest(%s::text[], %s::text[]) AS z (country, zone))
SELECT z.country,
       (extract(isodow FROM local) - 1) * 24 + extract(hour FROM local) AS hour,
       count(*), count(*) FILTER (WHERE was_answered)
FROM (
  SELECT p.country, c.direction = 'in' OR c.outcome = 'reached' AS was_answered, c.at
  FROM activities_call AS c
  JOIN records_link AS l ON l.from_id = c.id AND l.role = 'about' AND l.to_object = 'person'
  JOIN contacts_person AS p ON p.id = l.to_id
  WHERE c.deleted_at IS NULL AND p.deleted_at IS NULL AND c.private = ''
    AND c.at BETWEEN now() - interval '2 years' AND now()
    AND (c.direction = 'in' OR c.outcome IN ('reached', 'left_message', 'no_answer', 'busy'))
) AS called
JOIN zones AS z USING (country)
CROSS JOIN LATERAL (SELECT called.at AT TIME ZONE z.zone AS local) AS there
GROUP BY 1, 2
"""


def learn_call_times() -> int:
    """Keep how likely calls are answered by country and hour of the week; calls learned from."""
    known = zones_of_countries()
    with connection.cursor() as cursor:
        cursor.execute(TALLY, [list(known), list(known.values())])
        rows = cursor.fetchall()
    tallies: dict[str, dict[int, tuple[int, int]]] = defaultdict(dict)
    for country, hour, tried, answered in rows:
        tallies[country][int(hour)] = (tried, answered)
        before = tallies[""].get(int(hour), (0, 0))
        tallies[""][int(hour)] = (before[0] + tried, before[1] + answered)
    everybody = of_everybody(tallies[""])
    patterns = [
        CallPattern(
            country=country,
            tried=sum(tried for tried, _answered in hours.values()),
            answered=sum(answered for _tried, answered in hours.values()),
            chances=[round(one * 1000) for one in _chances(country, hours, everybody)],
        )
        for country, hours in tallies.items()
    ]
    with transaction.atomic():
        CallPattern.objects.all().delete()
        CallPattern.objects.bulk_create(patterns)
    return sum(tried for tried, _answered in tallies[""].values())


def _chances(
    country: str, hours: dict[int, tuple[int, int]], everybody: list[float]
) -> list[float]:
    return of_country(hours, everybody) if country else everybody
