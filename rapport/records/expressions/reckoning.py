"""What a formula of amounts comes to in the workspace's currency, and whether a rate had a part."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from psycopg import sql

from rapport.records.conditions.ground import ground_in
from rapport.records.expressions.columns import base_node, column_node
from rapport.records.expressions.looking import sql_of
from rapport.records.expressions.nodes import Node, made_of
from rapport.records.expressions.rollups import FAR, Spec, Stored, measured_kinds, stored_node
from rapport.records.expressions.types import FIXED, MONEY, Flag, Number, Text, money_in
from rapport.records.expressions.wheres import house_context
from rapport.records.kinds.base import Kind
from rapport.records.kinds.number import Money

#: The field of an object that is no formula.
type Fields = Callable[[str, str], Kind | None]


@dataclass(frozen=True, slots=True)
class Reckoning:
    """Formulas of amounts as the workspace with this currency reckons them."""

    currency: str
    fields: Fields

    def in_base(self, node: Node) -> Node | None:
        """The same formula of what its amounts come to; None where that is not kept of one.

        Amounts only ever are added, shared out and multiplied by numbers, so that it comes to the
        same whether they are reckoned before or after.
        """
        if node.type.name != MONEY or node.type.of.startswith(FIXED):
            return node
        if node.name == "field":
            kind = self._kind(node)
            return None if kind is None else base_node(kind, self.currency, node.at)
        parts = [self.in_base(one) for one in node.parts]
        made = tuple(one for one in parts if one is not None)
        if len(made) < len(parts):
            return None
        return replace(node, type=money_in(self.currency), parts=made)

    def is_converted(self, node: Node) -> Node | None:
        """Whether a rate had a part in an amount; None where none ever has."""
        if node.type != money_in(self.currency):
            return None
        found = [far for one in node.all() if (far := self._far(one)) is not None]
        if not found:
            return None
        apart = {sql_of(one, sql.SQL(""), "UTC"): one for one in found}.values()
        return made_of(Flag, " OR ".join("({})" for _one in apart), *apart, name="converted")

    def _far(self, node: Node) -> Node | None:
        """Whether one value that a formula begins with was in another currency."""
        if node.name == "stored" and isinstance(node.value, Spec):
            return self._far_of_related(node)
        kind = self._kind(node) if node.name == "field" else None
        base = base_node(kind, self.currency) if kind is not None else None
        if base is None or base.value != node.value or not isinstance(kind, Money):
            return None
        currency = column_node(kind.paths[1], Text, 0, node.uses, "coalesce({column}, '')")
        return self._is_other(currency)

    def _is_other(self, currency: Node) -> Node:
        own = (("own", sql.Literal(self.currency)),)
        return made_of(Flag, "({} NOT IN ('', {own}))", currency, literals=own, name="other")

    def _far_of_related(self, node: Node) -> Node | None:
        spec: Spec = node.value
        if node.type.name != MONEY or spec.is_mark:
            return None
        kinds = measured_kinds(spec, ground_in(spec.set, house_context().principal))
        if not kinds or not isinstance(kinds[-1], Money) or kinds[-1].far(self.currency) is None:
            return None
        counted = Stored(replace(spec, measure=FAR), Number, node.uses, node.whole)
        return made_of(Flag, "({} > 0)", stored_node(counted, node.at), name="converted")

    def _kind(self, node: Node) -> Kind | None:
        """The field whose column a node reads."""
        return next((kind for place in node.uses if (kind := self.fields(*place))), None)
