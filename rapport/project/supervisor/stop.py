"""Turn the first request to stop into an orderly end, and let nothing disturb that."""

import signal
from types import FrameType

STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class StopRequested(BaseException):
    """Somebody pressed Ctrl-C or sent a signal; not an error, so no handler of errors sees it."""


def stop_on_signals() -> None:
    """Raise StopRequested in the main thread at the first signal, and ignore later ones.

    The children get no signal of the terminal's: they are stopped in order, the database last.
    """
    for number in STOPPING:
        signal.signal(number, _stop)


def _stop(number: int, frame: FrameType | None) -> None:
    for later in STOPPING:
        signal.signal(later, signal.SIG_IGN)
    raise StopRequested
