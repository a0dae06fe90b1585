"""How likely a call is answered, by hour of the week, from few calls and many of others.

Each hour's share is drawn towards what is known before, as the mean of a beta distribution whose
weight is that of so many calls (empirical Bayes; Efron and Morris, 1975): a country towards all
calls, a person towards his country. A person's calls speak for the hours beside and the same hour
of other days too, with less weight.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

HOURS = 7 * 24
#: How many calls weigh as much as what is known before, for everybody, a country and a person.
ALL_WEIGHT, COUNTRY_WEIGHT, OWN_WEIGHT = 20, 20, 6
#: How much a call says of the hour before and after, and of the same hour on another day.
BESIDE, OTHER_DAY = 0.5, 0.25
#: Hours within this share of the best one's chance are as good.
AS_GOOD = 0.95

type Tallies = Mapping[int, tuple[int, int]]
"""Calls tried and answered, by hour of the week from Monday midnight on."""


def of_everybody(tallies: Tallies) -> list[float]:
    """The chance of each hour, drawn towards the share of all calls."""
    tried = sum(one for one, _other in tallies.values())
    answered = sum(other for _one, other in tallies.values())
    share = (answered + 1) / (tried + 2)
    return _drawn(tallies, [share] * HOURS, ALL_WEIGHT)


def of_country(tallies: Tallies, everybody: Sequence[float]) -> list[float]:
    """The same for a country, drawn towards everybody."""
    return _drawn(tallies, everybody, COUNTRY_WEIGHT)


def of_person(calls: Iterable[tuple[int, bool]], before: Sequence[float]) -> list[float]:
    """The same for one person, by (hour of the week, answered) of each call."""
    tried, answered = [0.0] * HOURS, [0.0] * HOURS
    for hour, was_answered in calls:
        for place, weight in _spread(hour):
            tried[place] += weight
            answered[place] += weight * was_answered
    return [(answered[n] + OWN_WEIGHT * before[n]) / (tried[n] + OWN_WEIGHT) for n in range(HOURS)]


def good_hours(chances: Sequence[float], allowed: Collection[int]) -> list[range]:
    """The allowed hours that are about as good as the best of them, those of a day that follow on
    each other together."""
    best = max((chances[hour] for hour in allowed), default=0.0)
    found: list[range] = []
    for hour in sorted(hour for hour in allowed if chances[hour] >= best * AS_GOOD):
        if found and found[-1].stop == hour and hour % 24:
            found[-1] = range(found[-1].start, hour + 1)
        else:
            found.append(range(hour, hour + 1))
    return found


def _drawn(tallies: Tallies, before: Sequence[float], weight: int) -> list[float]:
    return [
        (tallies.get(n, (0, 0))[1] + weight * before[n]) / (tallies.get(n, (0, 0))[0] + weight)
        for n in range(HOURS)
    ]


def _spread(hour: int) -> Iterable[tuple[int, float]]:
    day, clock = divmod(hour, 24)
    yield hour, 1.0
    for beside in (clock - 1, clock + 1):
        if 0 <= beside < 24:
            yield day * 24 + beside, BESIDE
    for other in range(7):
        if other != day:
            yield other * 24 + clock, OTHER_DAY
