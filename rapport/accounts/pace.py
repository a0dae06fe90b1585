"""How many requests a program may send a minute; counted where it is cheapest.

Each process counts by itself, in memory: a statement more for every request would cost more than
what it protects. With several processes a program may have as many times the limit.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from threading import Lock
from time import monotonic

from django.conf import settings
from django.http import HttpResponse
from django.utils.translation import gettext as _

WINDOW = 60
#: Askers that are remembered; those whose minute is over go first.
MOST_ASKERS = 10_000


@dataclass(slots=True)
class _Window:
    begun: float
    used: int = 0


@dataclass(frozen=True, slots=True)
class Allowance:
    """What is left of a minute, and how many seconds it still lasts."""

    most: int
    left: int
    seconds: int

    @property
    def headers(self) -> dict[str, str]:
        """As draft-ietf-httpapi-ratelimit-headers has it."""
        return {
            "RateLimit-Policy": f'"minute";q={self.most};w={WINDOW}',
            "RateLimit": f'"minute";r={max(0, self.left)};t={self.seconds}',
        }


class TooFast(Exception):
    """None is left of this minute; the message says when to go on."""

    def __init__(self, allowance: Allowance) -> None:
        super().__init__(
            _("These are too many requests. Go on in %(seconds)d seconds.")
            % {"seconds": allowance.seconds}
        )
        self.headers = {**allowance.headers, "Retry-After": str(allowance.seconds)}


_windows: dict[Hashable, _Window] = {}
_lock = Lock()


def take(asker: Hashable) -> Allowance | None:
    """Count a request of this asker; None where there is no limit. Raises TooFast."""
    most = int(settings.API_RATE)
    if most <= 0:
        return None
    allowance = _count(asker, most)
    if allowance.left < 0:
        raise TooFast(allowance)
    return allowance


def tell(answer: HttpResponse, allowance: Allowance | None) -> None:
    """Say in the answer what is left."""
    for name, value in (allowance.headers if allowance else {}).items():
        answer.headers[name] = value


def _count(asker: Hashable, most: int) -> Allowance:
    now = monotonic()
    with _lock:
        window = _windows.get(asker)
        if window is None or now - window.begun >= WINDOW:
            if len(_windows) >= MOST_ASKERS:
                _forget(now)
            window = _windows[asker] = _Window(now)
        window.used += 1
        left = most - window.used
    return Allowance(most, left, max(1, round(window.begun + WINDOW - now)))


def _forget(now: float) -> None:
    for asker in [key for key, one in _windows.items() if now - one.begun >= WINDOW]:
        del _windows[asker]
