"""Items taken in several lanes: while one is finished, the next is prepared or more."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Set
from concurrent.futures import Future, ThreadPoolExecutor
from queue import SimpleQueue
from threading import Event, Lock

from django.db import connections
from django.utils import translation

type Key = int | str
type Keys = Set[Key] | None
"""What an item touches; None may be anything."""


class Stopped(Exception):
    """An item before failed, or nobody wants more: what is under way is given up."""


class Place:
    """The place of one item among the others; here, of one that is alone."""

    is_shared = False

    def __init__(self, before: Place | None = None) -> None:
        self.told: Future[Keys] = Future()
        self.done = Event()
        self._before_told = before.told if before else None
        self._before_done = before.done if before else None

    def let_next_begin(self) -> None:
        """Say that this item is prepared; what is prepared comes in the order of the items."""

    def tell(self, keys: Keys) -> None:
        """Say what this item touches, for the next to know whether it may pass."""
        self.told.set_result(keys)

    def hear(self) -> Keys:
        """Wait for what the item before tells; nothing if it is done. Raises Stopped."""
        if self._before_told is None or (self._before_done and self._before_done.is_set()):
            return frozenset()
        return self._before_told.result()

    def wait(self) -> None:
        """Wait until all items before are done. Raises Stopped."""
        if self._before_done:
            self._before_done.wait()

    def end(self) -> None:
        """Let those go on who wait for this one."""
        if not self.told.done():
            self.told.set_exception(Stopped())
        self.done.set()


type Take[Item, Made] = Callable[[Item, Place], Made]


def one_by_one[Item, Made](items: Iterator[Item], take: Take[Item, Made]) -> Generator[Made]:
    """What becomes of the items, each taken when the one before is done."""
    return (take(item, Place()) for item in items)


def in_lanes[Item, Made](
    items: Iterator[Item], take: Take[Item, Made], count: int
) -> Generator[Made]:
    """What becomes of the items, in their order; each is taken whole in one of `count` threads.

    Close it, and items that wait are given up; a fault of one gives up those after it and is
    raised.
    """
    work = _Work(items, take)
    with ThreadPoolExecutor(count, thread_name_prefix="lane") as threads:
        lanes = [threads.submit(work.go_on) for _lane in range(count)]
        try:
            for _lane in lanes:
                yield from iter(work.made.get, None)
        finally:
            work.stopped.set()
    _raise_first(lanes)


class _Work[Item, Made]:
    def __init__(self, items: Iterator[Item], take: Take[Item, Made]) -> None:
        self.items = items
        self.take = take
        self.language = translation.get_language()
        #: What became of items, and a None for each lane that is at its end.
        self.made: SimpleQueue[Made | None] = SimpleQueue()
        self.stopped = Event()
        self.front = Lock()
        self.last: Place | None = None

    def go_on(self) -> None:
        try:
            with translation.override(self.language):
                while self._take_next():
                    pass
        finally:
            connections.close_all()
            self.made.put(None)

    def _take_next(self) -> bool:
        with _Lane(self) as place:
            if self.stopped.is_set():
                return False
            for item in self.items:
                self.made.put(self.take(item, place))
                return True
        return False


class _Lane[Item, Made](Place):
    """A place that holds the front until its item is prepared."""

    is_shared = True

    def __init__(self, work: _Work[Item, Made]) -> None:
        self.work = work
        self.holds_front = False

    def __enter__(self) -> _Lane[Item, Made]:
        self.work.front.acquire()
        self.holds_front = True
        super().__init__(self.work.last)
        self.work.last = self
        return self

    def let_next_begin(self) -> None:
        if self.holds_front:
            self.holds_front = False
            self.work.front.release()

    def wait(self) -> None:
        super().wait()
        if self.work.stopped.is_set():
            raise Stopped

    def __exit__(self, kind: type[BaseException] | None, *_fault: object) -> None:
        if kind:
            self.work.stopped.set()
        self.end()
        self.let_next_begin()


def _raise_first(lanes: list[Future[None]]) -> None:
    faults = [fault for lane in lanes if (fault := lane.exception())]
    for fault in sorted(faults, key=lambda one: isinstance(one, Stopped)):
        raise fault
