"""Whether this web process is about to stop: it still serves, but wants no more requests.

A proxy that asks `/readyz` sends them elsewhere; one that does not is told with each answer not to
use its connection again.
"""

from threading import Event

_asked = Event()


def begin() -> None:
    """Say from now on that no more requests are wanted."""
    _asked.set()


def is_draining() -> bool:
    """Whether no more requests are wanted."""
    return _asked.is_set()
