"""Which way the folders look: what import-linter can't see."""

import ast
import re
from collections.abc import Iterator

from tests.house.layers import layers, parse_layers
from tests.house.sources import CHECKOUT, Source, python

FACE = {"models", "queries", "actions"}
# What lies under the domains is made to be built upon, so more of it is public.
WIDE_FACES = {"kit", "ui", "accounts", "records"}


def inner_imports(source: Source) -> list[str]:
    """Imports of another domain's inner rooms."""
    return [
        f"{source.path}:{line}: {name}"
        for name, line in _imported(source)
        if _is_inner(source.layer, name)
    ]


def _is_inner(layer: str, name: str) -> bool:
    _package, other, *room = name.split(".")
    if layer in ("project", other) or other in WIDE_FACES:
        return bool(room) and room[0].startswith("_") and other != layer
    return bool(room) and room[0] not in FACE


def _imported(source: Source) -> Iterator[tuple[str, int]]:
    folder = source.parts[:-1]
    for plain in source.all(ast.Import):
        yield from ((one.name, plain.lineno) for one in plain.names if _is_ours(one.name))
    for node in source.all(ast.ImportFrom):
        base = list(folder[: len(folder) - node.level + 1]) if node.level else []
        module = ".".join([*base, *filter(None, [node.module])])
        # `from rapport.sales import views` names the room only here.
        names = [f"{module}.{alias.name}" for alias in node.names]
        yield from ((name, node.lineno) for name in names if _is_ours(name))


def _is_ours(name: str) -> bool:
    return name.startswith("rapport.")


def test_only_models_queries_and_actions_of_a_domain_are_imported() -> None:
    ours = [one for one in python() if one.layer]
    assert [fault for one in ours for fault in inner_imports(one)] == []


def test_imports_of_inner_rooms_are_found() -> None:
    text = (
        "from rapport.contacts.forms import PersonForm\n"
        "from rapport.contacts import receivers\n"
        "from ..contacts import views\n"
        "from rapport.contacts.models import Person\n"
        "from rapport.contacts import queries\n"
        "from rapport.records.store import change\n"
    )
    assert len(inner_imports(Source("rapport/sales/actions.py", text))) == 3


def test_the_house_paper_shows_the_same_layers() -> None:
    paper = (CHECKOUT / "HOUSE.md").read_text()
    (block,) = re.findall(r"```layers\n(.*?)```", paper, re.S)
    lines = [line.split("#")[0] for line in block.strip().splitlines()]
    assert parse_layers(lines) == layers()
