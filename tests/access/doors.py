"""Every place that goes through a door of access, and how to take the door off at one of them.

A place is known by its file, the function it stands in and the door: a new one is found by itself,
and lines that move change nothing.
"""

from __future__ import annotations

import ast
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import CodeType, FrameType
from typing import Any
from unittest import mock

from rapport.accounts.principals import Principal, Scope, service
from rapport.records import access, registry
from rapport.records.declare import Object
from rapport.records.reached import Reach

ROOT = Path(access.__file__).parents[1]
#: The doors themselves, and what only tests use.
OUTSIDE = ("records/access.py", "records/testing.py", "records/sample/")
#: What each door answers first of all: this one may everything.
HOUSE = service("tests")
EVERYTHING = Reach(Scope.ALL)
DOORS = (
    "check", "rows", "reached_rows", "reachable", "reach", "reaches_all", "reaches_all_open",
    "predicate", "fields", "titles", "title_asks", "may", "unread", "visible_objects",
    "is_kept_from", "reads", "edits",
)  # fmt: skip
type Ends = tuple[str, int, int]


@dataclass(frozen=True, order=True)
class Place:
    """One call of a door, and where in its file the call ends."""

    file: str
    function: str
    door: str
    number: int
    ends: tuple[int, int]

    @property
    def label(self) -> str:
        """How the table of survivors calls it."""
        number = f"#{self.number}" if self.number > 1 else ""
        return f"{self.file}:{self.function}:{self.door}{number}"


@cache
def places() -> dict[Ends, Place]:
    """All of them, by where they end."""
    found: dict[Ends, Place] = {}
    for path in sorted(ROOT.rglob("*.py")):
        name = path.relative_to(ROOT).as_posix()
        text = path.read_text()
        if "access." in text and "/tests/" not in name and not name.startswith(OUTSIDE):
            found |= {(str(path), *one.ends): one for one in _places_in(name, ast.parse(text))}
    return found


def _places_in(name: str, tree: ast.Module) -> Iterator[Place]:
    met: Counter[tuple[str, str]] = Counter()
    for function, node in _walk(tree, ""):
        if isinstance(node, ast.Call) and _door(node.func):
            door = _door(node.func)
            met[function, door] += 1
            ends = (node.end_lineno or 0, node.end_col_offset or 0)
            yield Place(name, function, door, met[function, door], ends)


def _walk(node: ast.AST, function: str) -> Iterator[tuple[str, ast.AST]]:
    for child in ast.iter_child_nodes(node):
        yield function, child
        yield from _walk(
            child, f"{function}.{_name(child)}".strip(".") if _name(child) else function
        )


def _name(node: ast.AST) -> str:
    return node.name if isinstance(node, ast.FunctionDef | ast.ClassDef) else ""


def _door(node: ast.AST) -> str:
    """The door that an expression names, if it does."""
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        return node.attr if node.value.id == "access" and node.attr in DOORS else ""
    return ""


@cache
def _call_ends(code: CodeType) -> list[tuple[int, int]]:
    return [(end or 0, column or 0) for _line, end, _from, column in code.co_positions()]


def _caller(frame: FrameType) -> Place | None:
    ends = _call_ends(frame.f_code)[frame.f_lasti // 2]
    return places().get((frame.f_code.co_filename, *ends))


@contextmanager
def watched(told: Callable[[Place], None]) -> Iterator[None]:
    """While it lasts, each place where a door holds something back is told."""

    def watching(door: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def through(*given: Any, **options: Any) -> Any:
            place = _caller(sys._getframe(1))
            if door in ("titles", "title_asks"):
                # Looked at twice here, and it may be a generator.
                given = (given[0], list(given[1]), *given[2:])
            if place and _holds(door, real, given, options):
                told(place)
            return real(*given, **options)

        return through

    with _replaced(watching):
        yield


@contextmanager
def opened(open_place: Place) -> Iterator[None]:
    """While it lasts, the door lets everything through at this one place."""

    def opening(door: str, real: Callable[..., Any]) -> Callable[..., Any]:
        if door != open_place.door:
            return real

        def through(*given: Any, **options: Any) -> Any:
            is_off = _caller(sys._getframe(1)) == open_place
            return _off(door, real, given, options) if is_off else real(*given, **options)

        return through

    with _replaced(opening):
        yield


@contextmanager
def _replaced(make: Callable[[str, Callable[..., Any]], Callable[..., Any]]) -> Iterator[None]:
    forget_compiled()
    with ExitStack() as stack:
        for door in DOORS:
            real = getattr(access, door)
            stack.enter_context(mock.patch.object(access, door, make(door, real)))
        yield
    forget_compiled()


def forget_compiled() -> None:
    """Drop what was kept of answers of doors: queries that were made once for a reach."""
    for name, module in list(sys.modules.items()):
        if name.startswith("rapport."):
            for one in list(vars(module).values()):
                if hasattr(one, "cache_clear"):
                    one.cache_clear()


def _off(door: str, real: Callable[..., Any], given: Any, options: Any) -> Any:
    if door == "reached_rows":
        return real(given[0], EVERYTHING, *given[2:], **options)
    if door in ("reads", "edits"):
        return real(given[0], HOUSE, **options)
    return real(HOUSE, *given[1:], **options)


def _holds(door: str, real: Callable[..., Any], given: Any, options: Any) -> bool:
    """Whether the door says less here than if it were off."""
    principal, *rest = given
    match door:
        case "reached_rows":
            return bool(rest[0] != EVERYTHING)
        case "check":
            return not MAY(*given)
        case "rows" | "predicate":
            return _reaches_less(principal, rest[0], *rest[1:2])
        case "reachable":
            return _reaches_less(principal, rest[0], rest[2])
        case "titles" | "title_asks":
            names = {name for name, _key in rest[0] if name != "user"}
            return any(_reaches_less(principal, name) for name in names)
    return bool(real(*given, **options) != _off(door, real, given, options))


#: The doors that others are asked about by, as they are while some are off.
MAY, REACH = access.may, access.reach


def _reaches_less(principal: Principal, named: str | type[Object], action: str = "view") -> bool:
    declaration = registry.get(named) if isinstance(named, str) else named
    return REACH(principal, declaration, action) != EVERYTHING
