"""Which kinds of jobs there are and what does them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from rapport.accounts.principals import Principal
from rapport.records.models import Job

type Report = Callable[..., None]
type Handler = Callable[[Job, Principal, Report], dict[str, Any]]

_handlers: dict[str, Handler] = {}


class UnknownKind(LookupError):
    """No code of this process does jobs of that kind."""


class Overtaken(Exception):
    """Another worker has taken the job over, since this one gave no sign of life for a while."""


class Hopeless(Exception):
    """Why a job can't be done, in a sentence for people; trying again would not help."""


def register(kind: str) -> Callable[[Handler], Handler]:
    """Make a function the one that does jobs of `kind`; decorator.

    It gets the job, the principal it is done for, and `report(done, total, rate, **facts)`; what
    it returns is kept as the job's result. It may be run again after a crash and must go on then.
    """

    def keep(function: Handler) -> Handler:
        _handlers[kind] = function
        return function

    return keep


def handler(kind: str) -> Handler:
    """The function for a kind. Raises UnknownKind."""
    try:
        return _handlers[kind]
    except KeyError:
        raise UnknownKind(f"No job is of the kind {kind}.") from None
