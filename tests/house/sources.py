"""What the rules read: the project's own files, parsed once."""

import ast
import tomllib
from collections import defaultdict
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import cast

CHECKOUT = Path(__file__).resolve().parents[2]
PACKAGE = CHECKOUT / "rapport"
OWN_FOLDERS = ("rapport", "tests", "bench", "bin", "docs", ".ci", "requirements")
TEXT_SUFFIXES = {"", ".py", ".html", ".css", ".js", ".sql", ".md", ".toml", ".txt", ".lock", ".svg"}


@dataclass(frozen=True)
class Source:
    """One file: its path from the top of the checkout and its text."""

    path: str
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        """The file as Python."""
        return ast.parse(self.text, self.path)

    @cached_property
    def _nodes(self) -> dict[type, list[ast.AST]]:
        """All that the file consists of as Python, gathered in one walk for all rules."""
        found = defaultdict(list)
        for node in ast.walk(self.tree):
            found[type(node)].append(node)
        return found

    def all[Node: ast.AST](self, kind: type[Node]) -> list[Node]:
        """Each part of a kind, such as every call."""
        return cast("list[Node]", self._nodes.get(kind, []))

    @cached_property
    def calls(self) -> list[tuple[str, ast.Call]]:
        """What is called, each with the dotted name that leads to it."""
        return [(dotted(call.func), call) for call in self.all(ast.Call)]

    @property
    def parts(self) -> tuple[str, ...]:
        """Folders and file name."""
        return Path(self.path).parts

    @property
    def layer(self) -> str:
        """The folder of the package the file belongs to, or nothing."""
        return self.parts[1] if self.parts[0] == "rapport" and len(self.parts) > 2 else ""

    @property
    def is_test(self) -> bool:
        """Whether the file only serves tests."""
        return "tests" in self.parts or self.path == "conftest.py"

    @property
    def is_foreign(self) -> bool:
        """Whether others wrote the file."""
        return "vendor" in self.parts

    @property
    def is_generated(self) -> bool:
        """Whether a tool wrote the file."""
        return bool({"migrations", "locale", "vendor"} & set(self.parts))


def dotted(node: ast.expr) -> str:
    """A name with its dots, without what is called or picked out on the way."""
    parts: list[str] = []
    while not isinstance(node, ast.Name):
        match node:
            case ast.Attribute():
                parts.append(node.attr)
                node = node.value
            case ast.Subscript():
                node = node.value
            case ast.Call():
                node = node.func
            case _:
                return ".".join(["", *reversed(parts)])
    return ".".join([node.id, *reversed(parts)])


@cache
def sources() -> tuple[Source, ...]:
    """Every text file of ours, and what we vendored."""
    top = [path for path in CHECKOUT.iterdir() if path.is_file()]
    nested = [path for folder in OWN_FOLDERS for path in (CHECKOUT / folder).rglob("*")]
    return tuple(
        Source(path.relative_to(CHECKOUT).as_posix(), path.read_text())
        for path in sorted({*top, *nested})
        if path.is_file() and path.suffix in TEXT_SUFFIXES and _is_ours(path)
    )


def python(*, tests: bool = False) -> list[Source]:
    """Python files of ours; those of tests only when asked for."""
    found = [one for one in sources() if one.path.endswith(".py") and not one.is_foreign]
    return [one for one in found if tests or not one.is_test]


def with_suffix(*suffixes: str) -> list[Source]:
    """Files of ours by suffix."""
    return [one for one in sources() if one.path.endswith(suffixes) and not one.is_foreign]


@cache
def project() -> dict[str, dict[str, object]]:
    """The parsed `pyproject.toml`."""
    return tomllib.loads((CHECKOUT / "pyproject.toml").read_text())


def _is_ours(path: Path) -> bool:
    # In a worktree `.git` is a file that says where the checkout stands on this machine.
    if path.name == ".git" or "__pycache__" in path.parts:
        return False
    return b"\0" not in path.read_bytes()[:4096]
