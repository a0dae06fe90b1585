"""What an app asks for: words of its request, and what a token may do by them.

`read` is to see and export, `write` everything but administration; `person.view` is one action
with one kind of record.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from rapport.accounts.narrowing import READING, Scopes
from rapport.accounts.principals import ACTIONS, EVERY_OBJECT

READ, WRITE = "read", "write"
MOST_LETTERS = 4_000


class UnknownScope(LookupError):
    """A word that asks for nothing we know."""


def words_of(scope: str) -> tuple[str, ...]:
    """The words of a request's scope, each once, sorted. Raises UnknownScope."""
    if len(scope) > MOST_LETTERS:
        raise UnknownScope
    words = tuple(sorted(set(scope.split(" ")) - {""}))
    for word in words:
        _actions_of(word)
    return words


def allowed_by(words: Iterable[str]) -> dict[str, list[str]]:
    """Actions by object, "*" for every other one. Raises UnknownScope."""
    found: dict[str, set[str]] = {}
    for word in words:
        name, actions = _actions_of(word)
        found.setdefault(name, set()).update(actions)
    general = found.get(EVERY_OBJECT, set())
    # A token takes what is said of an object in place of what is said of all, here both count.
    return {
        name: [action for action in ACTIONS if action in actions | general]
        for name, actions in sorted(found.items())
    }


def is_within(asked: Scopes, allowed: Mapping[str, Iterable[str]]) -> bool:
    """Whether nothing is asked for that is not allowed."""
    general = allowed.get(EVERY_OBJECT, ())
    return all(set(actions) <= set(allowed.get(name, general)) for name, actions in asked.items())


def may_write(allowed: Scopes) -> bool:
    """Whether anything but reading is allowed."""
    return any(set(actions) - set(READING) for actions in allowed.values())


def _actions_of(word: str) -> tuple[str, tuple[str, ...]]:
    if word == READ:
        return EVERY_OBJECT, READING
    if word == WRITE:
        return EVERY_OBJECT, ACTIONS
    name, _dot, action = word.rpartition(".")
    is_name = name == EVERY_OBJECT or (name.isidentifier() and name.isascii() and len(name) <= 63)
    if not is_name or action not in ACTIONS:
        raise UnknownScope
    return name, (action,)
