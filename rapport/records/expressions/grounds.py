"""What names in the formula of an object mean: its fields, its other formulas, what is related."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from django.utils.translation import gettext as _

from rapport.records.conditions.ground import Ground, ground_in, ground_of
from rapport.records.conditions.related import sets_of
from rapport.records.conditions.text.naming import (
    field_called,
    plain_name,
    set_called,
    suggestion,
)
from rapport.records.conditions.tree import Condition, Group
from rapport.records.declare import Object
from rapport.records.expressions.checking import did_you_mean
from rapport.records.expressions.columns import base_node, field_node, type_of
from rapport.records.expressions.errors import FormulaError
from rapport.records.expressions.nodes import Node
from rapport.records.expressions.rollups import (
    VALUE,
    Spec,
    Stored,
    measured_type,
    related_to,
    stored_node,
)
from rapport.records.expressions.tree import Name, Rollup
from rapport.records.expressions.types import CHOICES, FIXED, MONEY, Number, Type, money_in
from rapport.records.expressions.wheres import (
    house_context,
    inputs_of,
    reached_by,
    read_where,
    where_json,
)
from rapport.records.kinds.base import Kind
from rapport.records.kinds.number import Money

#: Over how many records one after the other a field of another one is looked up.
MOST_STEPS = 3
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
    #: What names are called for programs: from, until, name.
    renames: list[tuple[int, int, str]] = field(default_factory=list)

    def field(self, name: Name) -> Node:
        """A field of the record. Raises FormulaError."""
        if len(name.steps) > 1 and self._set(name):
            raise FormulaError(
                _("There are several “%(name)s”. Write sum(…), count(…) or another measure.")
                % {"name": name.steps[0]},
                name.at,
            )
        key = self._key(name)
        if len(name.steps) > 1:
            return self._beyond(name, key)
        self._rename(name, key)
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
        key = self._key(name)
        kind = self.kinds.get(key)
        self._rename(name, key)
        made = base_node(kind, self.currency, name.at) if kind is not None else None
        if made is None or len(name.steps) > 1:
            raise FormulaError(
                _(
                    "base(…) takes a field of money whose amount is also kept in the workspace's "
                    "currency."
                ),
                name.at,
            )
        return made

    def has_related(self, name: Name) -> bool:
        """Whether the name begins with several related records."""
        return bool(self._set(name))

    def measure(self, rollup: Rollup) -> Node:
        """A measure of related records. Raises FormulaError."""
        set_name = self._set(rollup.of)
        if not set_name:
            raise self._unknown(rollup.of.steps[0], rollup.of.at)
        related = related_to(self.declaration.name, set_name, rollup.of.at)
        ground = ground_in(related, house_context().principal)
        of, type = self._measured(rollup, ground)
        self._rename(rollup.of, ".".join([set_name, *([of] if of else [])]))
        condition: Condition = Group()
        if rollup.where:
            condition, written = read_where(rollup.where, related, rollup.where_at)
            self.renames.append((rollup.where_at, rollup.where_end, written))
        where = where_json(condition) if rollup.where else "{}"
        spec = Spec(self.declaration.name, set_name, rollup.measure, of, where)
        uses = {*related.needs, *inputs_of(condition, ground)}
        for place in sorted(uses):
            # A formula that the condition asks for may lead back here.
            self.formulas(*place)
        if of and (kind := ground.field(of)) and kind.object is not None:
            uses.add((kind.object.name, of))
        elif of and related.to:
            uses.add((related.to, of))
        whole = frozenset({related.to, *reached_by(condition, ground)})
        return stored_node(Stored(spec, type, frozenset(uses), whole), rollup.at)

    def _measured(self, rollup: Rollup, ground: Ground) -> tuple[str, Type]:
        """The field of the related records that is measured, and the type of the measure."""
        _head, *rest = rollup.of.steps
        if len(rest) > 1:
            raise FormulaError(
                _("Measure a field of the related records themselves."), rollup.of.at
            )
        if rollup.measure == "count":
            if rest:
                raise FormulaError(_("A count is of records, not of a field."), rollup.of.at)
            return "", Number
        if not rest:
            raise FormulaError(
                _("Say which field of them, like %(measure)s(%(name)s.created_at).")
                % {"measure": rollup.measure, "name": rollup.of.steps[0]},
                rollup.of.at,
            )
        of, type = self._far(rest[0], ground, rollup.of.at)
        return of, measured_type(rollup.measure, type, rollup.of.at)

    def _far(self, said: str, ground: Ground, at: int) -> tuple[str, Type]:
        """A field of related records, by its own name or its label, with its type."""
        name = field_called(said, ground)
        far = ground.beyond.declaration if ground.beyond else ground.declaration
        if far is not None and (node := self.formulas(far.name, name or said)) is not None:
            return name or said, node.type
        kind = ground.field(name) if name else None
        if kind is None:
            sentence = _("%(objects)s have no field “%(field)s”.") % {
                "objects": ground.label,
                "field": said[:60],
            }
            raise FormulaError(f"{sentence} {suggestion(said, ground)}".strip(), at)
        type = money_in(self.currency) if _is_reckoned(kind) else type_of(kind, self.currency)
        if type is None:
            raise FormulaError(
                _("“%(field)s” can't be used in a formula.") % {"field": kind.label}, at
            )
        return name, type

    def _beyond(self, name: Name, key: str) -> Node:
        """A field of the one record that a field points at, or that one in turn; stored beside."""
        kind = self.kinds.get(key)
        related = sets_of(self.declaration).get(key)
        *steps, said = name.steps[1:]
        if kind is None or related is None or not related.is_one or len(steps) >= MOST_STEPS:
            raise _leads_nowhere(name)
        ground, way = ground_in(related, house_context().principal), [key]
        uses, whole = {*related.needs}, {related.to}
        for step in steps:
            one = field_called(step, ground)
            further = ground.related(one) if one else None
            if further is None or not further.is_one or ground.declaration is None:
                raise _leads_nowhere(name)
            uses.add((ground.declaration.name, one))
            whole.add(further.to)
            way.append(one)
            ground = ground_in(further, house_context().principal)
        of, type = self._far(said, ground, name.at)
        if type.name == CHOICES or (type.name == MONEY and not type.of.startswith(FIXED)):
            raise FormulaError(
                _("“%(field)s” can't be used in a formula.") % {"field": said}, name.at
            )
        far = ground.declaration.name if ground.declaration else related.to
        way.append(of)
        self._rename(name, ".".join(way))
        spec = Spec(self.declaration.name, key, VALUE, ".".join(way[1:]))
        stored = Stored(spec, type, frozenset({*uses, (far, of)}), frozenset(whole))
        return stored_node(stored, name.at)

    def _set(self, name: Name) -> str:
        """The several related records that a name begins with; empty for none."""
        said = name.steps[0]
        if said in self.labels:
            return ""
        ground = ground_of(self.declaration, house_context().principal)
        found = set_called(said, ground)
        return found if found and not ground.sets[found].is_one else ""

    def _rename(self, name: Name, own: str) -> None:
        """Note what a name is called for programs, for whoever keeps the formula."""
        self.renames.append((name.at, name.end, own))

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


def _is_reckoned(kind: Kind) -> bool:
    """Whether amounts of it are measured in the workspace's currency."""
    return isinstance(kind, Money) and bool(kind.base)


def _leads_nowhere(name: Name) -> FormulaError:
    return FormulaError(
        _("Only a field that points at one other record leads on, and at most %(most)d steps far.")
        % {"most": MOST_STEPS},
        name.at,
    )
