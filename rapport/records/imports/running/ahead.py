"""The next chunk is read while the database takes the one before."""

from __future__ import annotations

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

    with quick_turns(), ThreadPoolExecutor(1, thread_name_prefix="ahead") as reader:
        try:
            coming = reader.submit(make)
            while (item := coming.result()) is not nothing:
                coming = reader.submit(make)
                yield item  # type: ignore[misc] # what is not nothing is an Item
        finally:
            reader.submit(connections.close_all).result()


@contextmanager
def quick_turns() -> Generator[None, None, None]:
    """Let threads take turns ten times as often: an answer of the database waits for the reader."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(0.0005)
    try:
        yield
    finally:
        sys.setswitchinterval(before)
