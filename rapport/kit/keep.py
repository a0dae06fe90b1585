"""A few results kept in memory, each under what it was made from."""

from __future__ import annotations

from collections.abc import Callable, Hashable


class Keep[Value]:
    """At most so many values by key; the oldest goes first. Threads may share it."""

    def __init__(self, most: int = 1024) -> None:
        self.most = most
        self._values: dict[Hashable, Value] = {}

    def __contains__(self, key: Hashable) -> bool:
        return key in self._values

    def drop(self, key: Hashable) -> None:
        """Forget what is kept under `key`, if anything."""
        self._values.pop(key, None)

    def get(self, key: Hashable, make: Callable[[], Value]) -> Value:
        """The value kept under `key`, else what `make` gives, which is kept."""
        try:
            return self._values[key]
        except KeyError:
            value = make()
        while len(self._values) >= self.most:
            # Another thread may have been quicker.
            self._values.pop(next(iter(self._values), None), None)
        self._values[key] = value
        return value
