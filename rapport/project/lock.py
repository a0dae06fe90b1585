"""One user of a data folder at a time: a lock that the system itself lifts when its holder dies."""

import fcntl
import json
import os
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Literal

type Purpose = Literal["serve", "command"]


@dataclass(frozen=True)
class Holder:
    """Who holds the lock: what for, since when ready, and where it answers."""

    pid: int
    purpose: Purpose
    is_ready: bool = False
    address: str = ""


class InUse(Exception):
    """Another process holds the folder; `holder` is what it says about itself."""

    def __init__(self, holder: Holder | None) -> None:
        super().__init__("in use")
        self.holder = holder


class InstanceLock:
    """The lock of one data folder; free again when released or when the process ends."""

    def __init__(self, data: Path) -> None:
        self.path = data / "lock"
        self._file: IO[str] | None = None

    def acquire(self, purpose: Purpose, patience: float = 1.0) -> None:
        """Take the lock. Raises InUse when another process keeps it for longer than `patience`."""
        deadline = time.monotonic() + patience
        while not self._try():
            if time.monotonic() > deadline:
                raise InUse(self.holder())
            time.sleep(0.05)
        self.describe(Holder(os.getpid(), purpose))

    def describe(self, holder: Holder) -> None:
        """Tell other processes how far we are."""
        if self._file is None:
            raise RuntimeError("Only the holder of a lock describes itself.")
        self._file.seek(0)
        self._file.truncate()
        json.dump(asdict(holder), self._file)
        self._file.flush()

    def release(self) -> None:
        """Give the lock up and leave no file behind."""
        if self._file:
            self.path.unlink(missing_ok=True)
            self._file.close()
            self._file = None

    def holder(self) -> Holder | None:
        """Return who holds the lock now, None if nobody does or he has not said yet."""
        try:
            with self.path.open() as file:
                if _is_free(file):
                    return None
                return Holder(**json.load(file))
        except (FileNotFoundError, json.JSONDecodeError):
            return None

    def wait_for_holder(self, seconds: float) -> Holder | None:
        """Wait until a server that holds the lock is ready; None as soon as the lock is free."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if not self.is_held():
                return None
            holder = self.holder()
            if holder and holder.purpose == "serve" and holder.is_ready:
                return holder
            time.sleep(0.1)
        raise InUse(self.holder())

    def is_held(self) -> bool:
        """Whether any process holds the lock."""
        try:
            with self.path.open() as file:
                return not _is_free(file)
        except FileNotFoundError:
            return False

    def _try(self) -> bool:
        file = self.path.open("a+")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.close()
            return False
        # Its last holder may have removed the file between our open and our lock.
        if not _is_same_file(file, self.path):
            file.close()
            return False
        self._file = file
        return True


def _is_free(file: IO[str]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    fcntl.flock(file, fcntl.LOCK_UN)
    return True


def _is_same_file(file: IO[str], path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(file.fileno()), path.stat())
    except FileNotFoundError:
        return False
