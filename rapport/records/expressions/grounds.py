"""What names in the formula of an object mean: its fields, its other formulas, what is related."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from rapport.records.conditions.text.naming import plain_name
from rapport.records.declare import Object
from rapport.records.expressions.checking import did_you_mean
from rapport.records.expressions.columns import column_node, field_node, type_of
from rapport.records.expressions.errors import FormulaError
from rapport.records.expressions.nodes import Node
from rapport.records.expressions.tree import Name, Rollup
from rapport.records.expressions.types import money_in
from rapport.records.kinds.base import Kind
from rapport.records.kinds.number import Money
from rapport.records.sql import column_at, column_of

#: The formula of a field of an object; None for a field that is none. Raises FormulaError.
type Formulas = Callable[[str, str], Node | None]


@dataclass(frozen=True, slots=True)
class ObjectGround:
    """The ground of one object. Where it stands, everything may be read: rights come with use."""

    declaration: type[Object]
    #: The fields that are no formulas.
    kinds: Mapping[str, Kind]
    #: What all fields of the object are called, formulas too.
    labels: Mapping[str, object]
    formulas: Formulas
    currency: str

    def field(self, name: Name) -> Node:
        """A field of the record. Raises FormulaError."""
        key = self._key(name)
        if len(name.steps) > 1:
            raise self._beyond(name)
        found = self.formulas(self.declaration.name, key)
        if found is not None:
            uses = found.uses | {(self.declaration.name, key)}
            return replace(found, at=name.at, uses=uses)
        kind = self.kinds[key]
        type = type_of(kind, self.currency)
        if type is None:
            raise FormulaError(
                _("“%(field)s” can't be used in a formula.") % {"field": kind.label}, name.at
            )
        return replace(field_node(kind, type, name.at), at=name.at)

    def base(self, name: Name) -> Node:
        """The amount of a field in the workspace's currency. Raises FormulaError."""
        kind = self.kinds.get(self._key(name))
        if not isinstance(kind, Money) or not kind.base or len(name.steps) > 1:
            raise FormulaError(
                _(
                    "base(…) takes a field of money whose amount is also kept in the workspace's "
                    "currency."
                ),
                name.at,
            )
        path = column_of(column_at(self.declaration.model, kind.base))
        uses = frozenset({(self.declaration.name, kind.name)})
        shape = "CAST({column} AS numeric)"
        return column_node(path, money_in(self.currency), name.at, uses, shape)

    def has_related(self, name: Name) -> bool:
        """Whether the name begins with several related records."""
        return False

    def measure(self, rollup: Rollup) -> Node:
        """A measure of related records. Raises FormulaError."""
        raise FormulaError(_("Nothing is related."), rollup.at)

    def _key(self, name: Name) -> str:
        """The field that is called so by its own name or by its label."""
        said = name.steps[0]
        if said in self.labels:
            return said
        wanted = plain_name(said)
        for key, label in self.labels.items():
            if wanted in (key, plain_name(str(label))):
                return key
        raise self._unknown(said, name.at)

    def _unknown(self, said: str, at: int) -> FormulaError:
        sentence = _("%(objects)s have no field “%(field)s”.") % {
            "objects": self.declaration.label_plural,
            "field": said[:60],
        }
        known = {plain_name(str(label)): key for key, label in self.labels.items()}
        hint = did_you_mean(plain_name(said), [*known, *self.labels])
        return FormulaError(f"{sentence} {hint}".strip(), at)

    def _beyond(self, name: Name) -> FormulaError:
        return FormulaError(_("A field has no fields of its own."), name.at)
