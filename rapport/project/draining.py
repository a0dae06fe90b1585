"""Whether this web process is about to stop: it still serves, but wants no more requests.

A proxy that asks `/readyz` sends them elsewhere; one that does not is told with each answer not to
use its connection again.
"""

from threading import Event

#: Seconds that a request in hand may take to its end: alone, so that Ctrl-C is soon obeyed; and
#: where other machines serve meanwhile, longer than the database lets a statement take.
ALONE, AMONG_OTHERS = 8, 35

_asked = Event()


def begin() -> None:
    """Say from now on that no more requests are wanted."""
    _asked.set()


def seconds_to_stop(drain: int) -> int:
    """How long a web process takes at most from the request to stop until it has ended."""
    return drain + AMONG_OTHERS if drain else ALONE


def is_draining() -> bool:
    """Whether no more requests are wanted."""
    return _asked.is_set()
