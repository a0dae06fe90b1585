"""The web process: Granian serving Django over WSGI, the fastest of the ways measured."""

import gc
import os
import signal
from collections.abc import Callable
from typing import Any

from granian import Granian
from granian.constants import Interfaces

from .launch import die_with_parent

# Requests wait for the database most of the time, so a few more threads than cores keep them busy.
MOST_THREADS = 8
STOP_SECONDS = 8
# A list makes some ten thousand objects that are gone with it.
COLLECTED_AT = (20_000, 20, 20)


def main() -> None:
    """Serve until asked to stop; the address and the number of processes come from outside."""
    # Loaded once here, so that the processes forked from this one share it and start at once.
    from .wsgi import application

    # What is loaded stays: looking through it again and again costs each page a fourteenth, and
    # would write into pages of memory that the processes share.
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECTED_AT)
    server = os.getpid()

    def load(*args: Any, **kwargs: Any) -> Callable[..., Any]:
        # A server killed outright can't end its own processes.
        die_with_parent(signal.SIGKILL, server)
        return application

    Granian(
        "rapport.project.wsgi:application",
        address=os.environ["RAPPORT_HOST"],
        port=int(os.environ["RAPPORT_PORT"]),
        interface=Interfaces.WSGI,
        workers=int(os.environ["RAPPORT_WEB_PROCESSES"]),
        blocking_threads=min(MOST_THREADS, 2 * (os.cpu_count() or 1) + 1),
        websockets=False,
        log_level="warning",  # type: ignore[arg-type]
        respawn_failed_workers=True,
        # Without a limit a stop that arrives while a process is starting waits for ever.
        workers_kill_timeout=STOP_SECONDS,
    ).serve(target_loader=load, wrap_loader=False)


if __name__ == "__main__":
    main()
