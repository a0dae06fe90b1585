"""The next chunk is read while the database takes the one before."""

from __future__ import annotations

import gc
import sys
from collections.abc import Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Lock

from django.db import connections
from django.utils import translation


class _InStep:
    """While any import reads ahead, threads take turns often, for an answer of the database waits
    for its turn, and circles are looked for seldom: rows make none, and there are many of them.

    Both belong to the whole process, and a worker may have several imports under way.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._inside = 0
        self._before = (sys.getswitchinterval(), gc.get_threshold())

    def __enter__(self) -> None:
        with self._lock:
            self._inside += 1
            if self._inside > 1:
                return
            self._before = (sys.getswitchinterval(), gc.get_threshold())
            sys.setswitchinterval(0.0005)
            gc.freeze()
            gc.set_threshold(200_000, 20, 20)

    def __exit__(self, *_fault: object) -> None:
        with self._lock:
            self._inside -= 1
            if self._inside:
                return
            turns, thresholds = self._before
            sys.setswitchinterval(turns)
            gc.set_threshold(*thresholds)
            gc.unfreeze()


_in_step = _InStep()


def ahead[Item](items: Iterator[Item]) -> Generator[Item, None, None]:
    """The same items, each made in a second thread while the one before is in use.

    Only one is made ahead, and nobody touches `items` meanwhile: an error in them is raised here,
    and closing early waits for the item under way.
    """
    # Waiting for the database leaves the processor to the thread; the language it has to be told.
    language = translation.get_language()

    def make() -> tuple[Item] | None:
        with translation.override(language):
            return next(((item,) for item in items), None)

    with _in_step, ThreadPoolExecutor(1, thread_name_prefix="ahead") as reader:
        try:
            coming = reader.submit(make)
            while made := coming.result():
                coming = reader.submit(make)
                yield made[0]
        finally:
            reader.submit(connections.close_all).result()
