"""SCIM's filters and paths (RFC 7644, 3.4.2.2 and 3.5.2), read into a small tree."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from rapport.accounts.scim.errors import ScimError, invalid

LONGEST = 4000
DEEPEST = 20
OPERATORS = frozenset({"eq", "ne", "co", "sw", "ew", "gt", "ge", "lt", "le"})

_TOKEN = re.compile(r'\s*(?:([()\[\]])|("(?:[^"\\]|\\.)*")|([^\s()\[\]"]+))')
_NAME = re.compile(r"[A-Za-z$][\w$-]*(\.[A-Za-z$][\w$-]*)?")
_URN = re.compile(r"(urn:.+):([^:]+)", re.IGNORECASE)

type Value = str | bool | int | float | None


@dataclass(frozen=True, slots=True)
class Compare:
    """An attribute beside a value; "pr", that it is there, beside none."""

    attribute: str
    operator: str
    value: Value = None


@dataclass(frozen=True, slots=True)
class Both:
    """All of the parts, or any of them."""

    parts: tuple[Node, ...]
    is_any: bool


@dataclass(frozen=True, slots=True)
class Not:
    """What the part is not."""

    part: Node


@dataclass(frozen=True, slots=True)
class Within:
    """An element of a list that meets all of a filter."""

    attribute: str
    part: Node


type Node = Compare | Both | Not | Within


@dataclass(frozen=True, slots=True)
class Path:
    """What a change is about: an attribute, of a list maybe only some elements, maybe a part."""

    attribute: str
    chosen: Node | None = None
    part: str = ""


def read_filter(text: str) -> Node:
    """Read a filter; names of attributes come in lower case, without the schema before them.

    Raises ScimError 400 invalidFilter.
    """
    reader = _Reader(text, "invalidFilter")
    node = reader.any_of()
    reader.end()
    return node


def read_path(text: str) -> Path:
    """Read the path of a change. Raises ScimError 400 invalidPath."""
    reader = _Reader(text, "invalidPath")
    attribute, part = reader.name()
    if not reader.takes("["):
        reader.end()
        return Path(attribute, None, part)
    chosen = reader.any_of()
    reader.needs("]")
    part = reader.rest_of_name()
    reader.end()
    return Path(attribute, chosen, part)


def plain_name(text: str) -> str:
    """An attribute's name in lower case, without the schema that may stand before it."""
    found = _URN.fullmatch(text)
    return (found[2] if found else text).lower()


class _Reader:
    def __init__(self, text: str, word: str) -> None:
        self.word = word
        self.depth = 0
        if len(text) > LONGEST:
            raise self.wrong(text[:40])
        self.tokens = list(self._tokens(text.strip()))
        self.at = 0

    def any_of(self) -> Node:
        return self._several("or", lambda: self._several("and", self._one))

    def name(self) -> tuple[str, str]:
        token = self._next()
        name = plain_name(token)
        if not _NAME.fullmatch(name):
            raise self.wrong(token)
        attribute, _dot, part = name.partition(".")
        return attribute, part

    def rest_of_name(self) -> str:
        if self.at == len(self.tokens):
            return ""
        token = self._next()
        if not token.startswith(".") or not _NAME.fullmatch(token[1:]):
            raise self.wrong(token)
        return token[1:].lower()

    def takes(self, token: str) -> bool:
        found = self._peek().lower() == token
        self.at += found
        return found

    def needs(self, token: str) -> None:
        if not self.takes(token):
            raise self.wrong(self._peek())

    def end(self) -> None:
        if self.at < len(self.tokens):
            raise self.wrong(self._peek())

    def wrong(self, token: str) -> ScimError:
        what = _("the end") if not token else f"“{token}”"
        return invalid(_("This can't be read, from %(what)s on.") % {"what": what}, self.word)

    def _several(self, word: str, read: Callable[[], Node]) -> Node:
        parts = [read()]
        while self.takes(word):
            parts.append(read())
        return parts[0] if len(parts) == 1 else Both(tuple(parts), is_any=word == "or")

    def _one(self) -> Node:
        self.depth += 1
        if self.depth > DEEPEST:
            raise self.wrong(self._peek())
        node = self._bracketed() or self._comparison()
        self.depth -= 1
        return node

    def _bracketed(self) -> Node | None:
        is_not = self.takes("not")
        if not self.takes("("):
            if is_not:
                raise self.wrong(self._peek())
            return None
        node = self.any_of()
        self.needs(")")
        return Not(node) if is_not else node

    def _comparison(self) -> Node:
        attribute, part = self.name()
        if self.takes("["):
            node = self.any_of()
            self.needs("]")
            return self._within(attribute, node)
        name = f"{attribute}.{part}" if part else attribute
        return self._compared(name)

    def _within(self, attribute: str, node: Node) -> Node:
        """`emails[type eq "work"].value eq "…"` is as good as both within the brackets."""
        if not self._peek().startswith("."):
            return Within(attribute, node)
        last = self._compared(self.rest_of_name())
        return Within(attribute, Both((node, last), is_any=False))

    def _compared(self, name: str) -> Compare:
        operator = self._next().lower()
        if operator == "pr":
            return Compare(name, operator)
        if operator not in OPERATORS:
            raise self.wrong(operator)
        return Compare(name, operator, self._value())

    def _value(self) -> Value:
        token = self._next()
        try:
            found = json.loads(token if token.startswith('"') else token.lower())
        except ValueError:
            raise self.wrong(token) from None
        if isinstance(found, list | dict):
            raise self.wrong(token)
        return found

    def _peek(self) -> str:
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def _next(self) -> str:
        token = self._peek()
        self.at += 1
        if not token:
            raise self.wrong("")
        return token

    def _tokens(self, text: str) -> Iterator[str]:
        at = 0
        while at < len(text):
            found = _TOKEN.match(text, at)
            if found is None:
                raise self.wrong(text[at : at + 20])
            yield found[1] or found[2] or found[3]
            at = found.end()
