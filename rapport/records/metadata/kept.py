"""What all kinds have in common whose values lie in the record's custom column."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar
from uuid import UUID

from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce
from django.db.models.lookups import (
    Exact,
    GreaterThan,
    GreaterThanOrEqual,
    LessThan,
    LessThanOrEqual,
)

from rapport.kit.periods import Period
from rapport.records.kinds.base import Kind
from rapport.records.kinds.time import settled
from rapport.records.metadata.column import CUSTOM, FORMS, key_of, path_to

NOWHERE = UUID(int=0)
COMPARED: Mapping[str, Callable[[Any, Any], Any]] = {
    "is": Exact,
    "gt": GreaterThan,
    "gte": GreaterThanOrEqual,
    "lt": LessThan,
    "lte": LessThanOrEqual,
}


class InCustom(Kind):
    """A field in the custom column; it stands before the kind it changes."""

    is_custom = True
    form: ClassVar[str]
    field_id: UUID = NOWHERE
    #: Conditions as JSON on the same record; empty for always, and for never.
    visible_when: Mapping[str, Any] = {}
    required_when: Mapping[str, Any] = {}
    #: The choice field that says which choices there are, and for which of its values each is.
    controlled_by: str = ""
    choices_for: Mapping[str, frozenset[str]] = {}

    @property
    def digest(self) -> str:
        """Part of the names of its indexes, for those that are built anew when it changes."""
        return ""

    def bind(self, name: str, owner: Any) -> None:
        self.name, self.object = name, owner
        self.path = path_to(self.form, self.key)

    @property
    def key(self) -> str:
        """What its values are kept under."""
        return key_of(self.field_id)

    @property
    def is_beside(self) -> bool:
        return False

    @property
    def logged(self) -> tuple[str, ...]:
        return (f"{CUSTOM}.{self.key}",)

    @property
    def written(self) -> tuple[str, ...]:
        return self.logged

    def columns(self, value: Any) -> dict[str, Any]:
        return {CUSTOM: {self.key: None if self.blank(value) else self.packed(value)}}

    def is_given(self, own: Mapping[str, Any]) -> bool:
        return own.get(CUSTOM, {}).get(self.key) is not None

    def packed(self, value: Any) -> Any:
        """A value as JSON."""
        return value

    def unpacked(self, raw: Any) -> Any:
        """A value from JSON."""
        return None if raw is None else FORMS[self.form].field.to_python(raw)

    def index_key(self) -> Any:
        """What an index for conditions and orders holds; none where there can't be one."""
        return self.sort_key()

    @property
    def keys(self) -> list[str]:
        """All that its values are kept under."""
        return [column.partition(".")[2] for column in self.logged]


class Ordered(InCustom):
    """Numbers and dates: asked by the very expression that orders them, so that one index serves.

    What has no value stands at an end, where no value ever is: `highest` says at which.
    """

    nothing: ClassVar[Any]
    highest: ClassVar[bool] = False

    def sort_key(self) -> Any:
        field = FORMS[self.form].field
        return Coalesce(F(self.path), Value(self.nothing, output_field=field), output_field=field)

    def is_empty(self) -> Q:
        return Q(Exact(self.sort_key(), self.nothing))

    def condition(self, op: str, argument: Any) -> Q:
        op, argument = settled(op, argument)
        match op:
            case "empty" | "filled":
                return self.is_empty() if op == "empty" else ~self.is_empty()
            case "not":
                return ~self.condition("is", argument)
            case "in":
                return self._within(argument)
        if argument is None:
            return self.is_empty()
        found = Q(COMPARED[op](self.sort_key(), argument))
        ends = ("gt", "gte") if self.highest else ("lt", "lte")
        return found & self._filled() if op in ends else found

    def _within(self, period: Period) -> Q:
        found = self._filled() if period.end is None else Q()
        if period.start is not None:
            found &= Q(GreaterThanOrEqual(self.sort_key(), period.start))
        return found & (Q(LessThan(self.sort_key(), period.end)) if period.end else Q())

    def _filled(self) -> Q:
        beyond = LessThan if self.highest else GreaterThan
        return Q(beyond(self.sort_key(), self.nothing))
