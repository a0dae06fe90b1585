"""The next chunk is read while the database takes the one before."""

from __future__ import annotations

import gc
import sys
from collections.abc import Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from django.db import connections
from django.utils import translation


def ahead[Item](items: Iterator[Item]) -> Generator[Item, None, None]:
    """The same items, each made in a second thread while the one before is in use.

    Only one is made ahead, and nobody touches `items` meanwhile: an error in them is raised here,
    and closing early waits for the item under way.
    """
    # Waiting for the database leaves the processor to the thread; the language it has to be told.
    language = translation.get_language()
    nothing = object()

    def make() -> object:
        with translation.override(language):
            return next(items, nothing)

    with _in_step(), ThreadPoolExecutor(1, thread_name_prefix="ahead") as reader:
        try:
            coming = reader.submit(make)
            while (item := coming.result()) is not nothing:
                coming = reader.submit(make)
                yield item  # type: ignore[misc] # what is not nothing is an Item
        finally:
            reader.submit(connections.close_all).result()


@contextmanager
def _in_step() -> Generator[None, None, None]:
    """Let the two threads take turns often, for an answer of the database waits for its turn, and
    look for circles seldom: rows make none, and there are many of them.
    """
    turns, thresholds = sys.getswitchinterval(), gc.get_threshold()
    sys.setswitchinterval(0.0005)
    gc.freeze()
    gc.set_threshold(200_000, 20, 20)
    try:
        yield
    finally:
        sys.setswitchinterval(turns)
        gc.set_threshold(*thresholds)
        gc.unfreeze()
