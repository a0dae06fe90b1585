"""What present work was asked for by: the request, its route, the job. Logs and jobs carry it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

#: What is taken for a request's name: nothing that could end a line of a log, or a comment of SQL.
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{7,63}")
COMMENT = re.compile(r"^/\* rapport [^*]* \*/ ")


@dataclass(slots=True)
class Origin:
    """Where work comes from; the route becomes known on the way."""

    request: str = ""
    route: str = ""
    job: str = ""

    @property
    def facts(self) -> dict[str, str]:
        """What is known of it, by name."""
        known = {"request": self.request, "route": self.route, "job": self.job}
        return {name: value for name, value in known.items() if value}

    @property
    def comment(self) -> str:
        """A comment that stands before statements; names that come from outside can't end it."""
        facts = " ".join(f"{name}={value}" for name, value in self.facts.items())
        return f"/* rapport {facts} */ " if facts else ""


_nothing = Origin()
_present: ContextVar[Origin] = ContextVar("origin", default=_nothing)


def origin() -> Origin:
    """What the work of this thread or task comes from."""
    return _present.get()


def begin(found: Origin) -> None:
    """Do all that follows in this thread or task on its behalf, until another begins."""
    _present.set(found)


@contextmanager
def working_for(found: Origin) -> Iterator[Origin]:
    """Do the work of the block on its behalf."""
    before = _present.set(found)
    try:
        yield found
    finally:
        _present.reset(before)


def without_comment(statement: str) -> str:
    """The statement without the comment that says where it comes from."""
    return COMMENT.sub("", statement)


def is_name(text: str) -> bool:
    """Whether a text from outside may be a request's name."""
    return NAME.fullmatch(text) is not None
