"""A formula whose types are known: what is left to be written as SQL."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from psycopg import sql

from rapport.records.expressions.errors import FormulaError
from rapport.records.expressions.types import Type

#: What a formula and all formulas it uses may come to.
MOST_NODES = 3000
DEEPEST_NODES = 160


@dataclass(frozen=True, slots=True)
class Node:
    """A value of a type. `text` is its SQL with a place for each of `parts`.

    The places `row` and `zone` stand for the table of the row and the workspace's time zone, other
    named ones for `literals`.
    """

    type: Type
    text: str
    parts: tuple[Node, ...] = ()
    literals: tuple[tuple[str, sql.Composable], ...] = ()
    #: The name of the function, or `field`, `constant` and `blank`; for whoever rewrites it.
    name: str = "constant"
    #: Of a constant what it is; of a field the path of its column.
    value: Any = None
    at: int = 0
    #: Fields it reads, as (object, field).
    uses: frozenset[tuple[str, str]] = frozenset()
    #: Objects of which all records must be seen by whoever reads it.
    whole: frozenset[str] = frozenset()
    #: The stored measures that it reads (`rollups.Spec`).
    stored: frozenset[Any] = frozenset()
    #: Whether it is another value tomorrow though no record has changed.
    is_volatile: bool = False
    size: int = 1
    depth: int = 1

    def all(self) -> Iterator[Node]:
        """Every node, from the outside in."""
        yield self
        for one in self.parts:
            yield from one.all()


def made_of(
    type: Type, text: str, *parts: Node, name: str = "", at: int = 0, is_volatile: bool = False,
    literals: tuple[tuple[str, sql.Composable], ...] = (),
) -> Node:  # fmt: skip
    """A node of other nodes. Raises FormulaError for more than the database should be asked."""
    size = 1 + sum(one.size for one in parts)
    depth = 1 + max((one.depth for one in parts), default=0)
    if size > MOST_NODES or depth > DEEPEST_NODES:
        raise FormulaError(
            _("With all the formulas that it uses, this one is too much to work out.")
        )
    return Node(
        type, text, parts, literals, name, None, at,
        uses=frozenset[tuple[str, str]]().union(*(one.uses for one in parts)),
        whole=frozenset[str]().union(*(one.whole for one in parts)),
        stored=frozenset[Any]().union(*(one.stored for one in parts)),
        is_volatile=is_volatile or any(one.is_volatile for one in parts),
        size=size,
        depth=depth,
    )  # fmt: skip


def constant(type: Type, value: Any, spelled: sql.Composable, at: int = 0) -> Node:
    """A value that stands in the formula itself."""
    return Node(type, "{value}", literals=(("value", spelled),), value=value, at=at)


def render(node: Node, row: sql.Composable, zone: sql.Composable) -> sql.Composed:
    """The SQL of a node; `row` is what stands before a column, such as `t.`."""
    parts = [render(one, row, zone) for one in node.parts]
    places = {**dict(node.literals), "row": row, "zone": zone}
    return sql.SQL(node.text).format(*parts, **places)


def spelled(text: str) -> sql.Composed:
    """A text as SQL without percent signs, which mark the places of values in whole statements."""
    pieces = [sql.Literal(piece) for piece in text.split("%")]
    joined = sql.SQL(" || chr(37) || ").join(pieces)
    return sql.SQL("CAST(({}) AS text)").format(joined)
