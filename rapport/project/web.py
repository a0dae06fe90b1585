"""The web process: Granian, with pages on threads and streams on the loop."""

import gc
import os
import signal
from typing import Any

from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from .draining import seconds_to_stop
from .launch import die_with_parent

# Requests wait for the database most of the time, so a few more threads than cores keep them busy.
MOST_THREADS = 8
MOST_CONNECTIONS = 2_000
# A list makes some ten thousand objects that are gone with it.
COLLECTED_AT = (20_000, 20, 20)


def main() -> None:
    """Serve until asked to stop; the address and the number of processes come from outside."""
    # Loaded once here, so that the processes forked from this one share it and start at once.
    from .wsgi import application

    drain = int(os.environ.get("RAPPORT_DRAIN_SECONDS") or 0)
    bridge = _bridge(application, drain)

    # What is loaded stays: looking through it again and again costs each page a fourteenth, and
    # would write into pages of memory that the processes share.
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECTED_AT)
    server = os.getpid()

    def load(*args: Any, **kwargs: Any) -> Any:
        # A server killed outright can't end its own processes.
        die_with_parent(signal.SIGKILL, server)
        return bridge

    Granian(
        "rapport.project.wsgi:application",
        address=os.environ["RAPPORT_HOST"],
        port=int(os.environ["RAPPORT_PORT"]),
        interface=Interfaces.RSGI,
        workers=int(os.environ["RAPPORT_WEB_PROCESSES"]),
        # Connections of one process: streams stay open, and so do those that wait for a page.
        backpressure=MOST_CONNECTIONS,
        websockets=False,
        log_level=LogLevels.warning,
        respawn_failed_workers=True,
        # Without a limit a stop that arrives while a process is starting waits for ever.
        workers_kill_timeout=seconds_to_stop(drain),
    ).serve(target_loader=load, wrap_loader=False)


def _bridge(application: Any, drain: int) -> Any:
    # It knows the product's own answers, which can't be loaded before the product is.
    from .bridge import Bridge

    return Bridge(application, min(MOST_THREADS, 2 * (os.cpu_count() or 1) + 1), drain)


if __name__ == "__main__":
    main()
