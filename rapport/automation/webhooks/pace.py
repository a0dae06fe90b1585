"""How often a receiver is tried, and when it is left alone."""

from __future__ import annotations

from datetime import timedelta
from secrets import SystemRandom

#: Between one try and the next; after the last a delivery is given up, 3 days after the first.
WAITS = tuple(
    timedelta(**one)
    for one in (
        {"seconds": 5}, {"minutes": 5}, {"minutes": 30}, {"hours": 2}, {"hours": 5}, {"hours": 10},
        {"hours": 14}, {"hours": 20}, {"hours": 24},
    )
)  # fmt: skip
#: From so many failures in a row on one at a time is tried, and seldom.
PROBING = 5
LONGEST_HOLD = timedelta(minutes=5)
#: A receiver that asks to be left alone is, for so long.
LONGEST_ASKED = timedelta(hours=24)
#: After so long without one success a webhook is switched off.
ENOUGH = timedelta(days=3)
JITTER = 0.1
_chance = SystemRandom()


def wait_after(attempts: int, asked: timedelta = timedelta()) -> timedelta | None:
    """How long to wait after so many failed tries, and at least as long as the receiver asked for;
    None when they are enough. A tenth more or less keeps many from coming at once."""
    if attempts > len(WAITS):
        return None
    usual = WAITS[attempts - 1] * _chance.uniform(1 - JITTER, 1 + JITTER)
    return max(usual, min(asked, LONGEST_ASKED))


def hold_after(failures: int, asked: timedelta = timedelta()) -> timedelta:
    """How long a webhook is left alone after so many failures in a row of whatever it was sent."""
    least = min(asked, LONGEST_ASKED)
    if failures < PROBING:
        return least
    return max(least, min(timedelta(seconds=5) * 2 ** min(failures - PROBING, 10), LONGEST_HOLD))
