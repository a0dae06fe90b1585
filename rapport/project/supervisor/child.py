"""One process under supervision: started, watched, started again, ended for certain."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress

from rapport.project.launch import LAUNCHER

LONGEST_PAUSE = 30.0
STEADY_SECONDS = 60.0


class Child:
    """A module of ours run as a process that ends with the supervisor, however that ends."""

    def __init__(self, name: str, module: str, grace: float) -> None:
        self.name = name
        self.module = module
        self.grace = grace
        self.environment: Mapping[str, str] = {}
        self.process: subprocess.Popen[bytes] | None = None
        self.ended = ""
        self._started = 0.0
        self._failures = 0
        self._next_start = 0.0

    def start(self) -> None:
        """Start the process in a group of its own, out of reach of the terminal's Ctrl-C."""
        self._started = time.monotonic()
        self.process = subprocess.Popen(
            [
                *(sys.executable, "-I", "-S", LAUNCHER, "--die", str(int(signal.SIGKILL))),
                *("--parent", str(os.getpid()), "--"),
                *(sys.executable, "-P", "-m", self.module),
            ],
            env=dict(self.environment),
            stdin=subprocess.DEVNULL,
            process_group=0,
        )

    def revive(self) -> str | None:
        """Start the process again if it ended, after a pause that grows with each failure.

        Returns a sentence when there is news to tell.
        """
        if self.process is not None:
            status = self.process.poll()
            if status is None:
                return None
            self._kill_group()
            self.process = None
            return self._plan_restart(status)
        if time.monotonic() >= self._next_start:
            self.start()
        return None

    def ask_to_end(self) -> None:
        """Send the request to end, without waiting."""
        if self.process and self.process.poll() is None:
            self.process.terminate()

    def await_end(self) -> None:
        """Wait for the end for the time of grace, then kill whatever is left of the group."""
        if self.process is None:
            return
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(self.grace)
        self._kill_group()
        self.process.wait()
        self.process = None

    @property
    def is_running(self) -> bool:
        """Whether the process is there now."""
        return self.process is not None and self.process.poll() is None

    def _plan_restart(self, status: int) -> str:
        if time.monotonic() - self._started > STEADY_SECONDS:
            self._failures = 0
        pause = min(LONGEST_PAUSE, 2.0**self._failures)
        self._failures += 1
        self._next_start = time.monotonic() + pause
        self.ended = how_it_ended(status)
        return f"The {self.name} process ended ({self.ended}); starting it again in {pause:.0f} s."

    def _kill_group(self) -> None:
        # Processes that it started itself live in its group and outlive it if it was killed.
        if self.process is not None:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, signal.SIGKILL)


def how_it_ended(status: int) -> str:
    """The exit status of a process in words."""
    return f"signal {-status}" if status < 0 else f"status {status}"
