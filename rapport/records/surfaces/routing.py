"""Addresses of the engine: `/people/…` becomes the declared object, everywhere the same way."""

from __future__ import annotations

from rapport.records import registry
from rapport.records.declare import Object


class ObjectConverter:
    """A plural in an address as its declaration; an unknown one is no match."""

    regex = "[a-z][a-z0-9-]{1,40}"

    def to_python(self, value: str) -> type[Object]:
        """Raises ValueError, which makes Django try the next address."""
        try:
            return registry.by_plural(value)
        except registry.UnknownObject as problem:
            raise ValueError(str(problem)) from None

    def to_url(self, value: type[Object] | str) -> str:
        """The plural of a declaration."""
        return value if isinstance(value, str) else value.plural
