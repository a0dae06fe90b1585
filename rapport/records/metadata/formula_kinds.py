"""Kinds whose values a formula works out: read, asked and sorted like any, never written."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import F, Q, Subquery
from django.db.models.lookups import Exact
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from psycopg import sql

from rapport.accounts.models import Workspace
from rapport.accounts.principals import Principal
from rapport.kit.formats import format_percent
from rapport.records.expressions.looking import Holds, sql_of
from rapport.records.expressions.nodes import Node
from rapport.records.expressions.ranges import asked_as_range
from rapport.records.expressions.types import money_in
from rapport.records.kinds.base import Context, Invalid
from rapport.records.kinds.base_amount import Converted
from rapport.records.kinds.comparing import NotTold
from rapport.records.kinds.other import Why
from rapport.records.metadata.column import CUSTOM, path_to
from rapport.records.metadata.kept import InCustom
from rapport.records.metadata.kinds import (
    CustomBoolean,
    CustomChoice,
    CustomDate,
    CustomDateTime,
    CustomMoney,
    CustomNumber,
)
from rapport.records.metadata.texts import CustomText

LONGEST = 300
NO_ROW = sql.SQL("")


class Worked(InCustom):
    """What all formulas have in common; it stands before the kind of their values."""

    node: Node
    zone: str = "UTC"
    #: Whether records it is made of are still being counted: nothing is said of it until then.
    is_waiting: bool = False

    @property
    def digest(self) -> str:
        """Another one for every other formula, so that an old index is never taken for its own."""
        return hashlib.sha256(sql_of(self.node, NO_ROW, self.zone).encode()).hexdigest()[:8]

    @property
    def logged(self) -> tuple[str, ...]:
        return ()

    def index_key(self) -> Any:
        return None if self.node.is_volatile else super().index_key()

    def columns(self, value: Any) -> dict[str, Any]:
        return {}

    def is_given(self, own: Mapping[str, Any]) -> bool:
        return False

    def show(self, value: Any, context: Context) -> SafeString:
        if self.is_waiting:
            return format_html('<span class="muted">{}</span>', _("being counted"))
        return super().show(value, context)

    def plain(self, value: Any, context: Context) -> str:
        return "" if self.is_waiting else super().plain(value, context)

    def export(self, value: Any, context: Context) -> str:
        return "" if self.is_waiting else super().export(value, context)

    def json(self, value: Any) -> Any:
        return None if self.is_waiting else super().json(value)

    def condition(self, op: str, argument: Any) -> Q:
        if self.is_waiting:
            raise Invalid(
                _("“%(field)s” is still being counted. Try again in a moment.")
                % {"field": self.label}
            )
        return (
            self._as_range(op, argument)
            if self.node.is_volatile
            else super().condition(op, argument)
        )

    def _as_range(self, op: str, argument: Any) -> Q:
        """What changes with the day is asked of the date that it is made of. Raises Invalid."""
        found = asked_as_range(self.node, op, argument)
        if found is None:
            raise Invalid(
                _(
                    "“%(field)s” changes with the day and can't be turned into a range of dates. "
                    "Ask for the fields that it is made of."
                )
                % {"field": self.label}
            )
        return Q(Holds(found, self.zone, F(CUSTOM)))

    def sort_key(self) -> Any:
        return None if self.is_waiting else super().sort_key()

    def holds(self, op: str, argument: Any, value: Any) -> bool:
        raise NotTold(self.type)

    def describe(self) -> dict[str, Any]:
        return {**super().describe(), "readOnly": True}


class FormulaNumber(Worked, CustomNumber):
    """A number worked out by a formula."""

    form = "formulanumber"


class FormulaPercent(FormulaNumber):
    """A percentage worked out by a formula; 25 means 25 %."""

    type = "percent"

    def parse_text(self, text: str, context: Context) -> Any:
        return super().parse_text(text.removesuffix("%").strip(), context)

    def plain(self, value: Any, context: Context) -> str:
        if value is None or self.is_waiting:
            return ""
        return format_percent(Decimal(value), context.language)


class FormulaMoney(Worked, CustomMoney):
    """An amount worked out by a formula: asked, ordered and added up by what it comes to in the
    workspace's currency; asked within a currency where that is not known."""

    form = "formulanumber"
    #: The same in the workspace's currency, and whether a rate had a part in it; None for never.
    worth: Node | None = None
    converted: Node | None = None
    why: Callable[[Principal, UUID], Why] | None = None

    def bind(self, name: str, owner: Any) -> None:
        InCustom.bind(self, name, owner)

    @property
    def paths(self) -> tuple[str, ...]:
        own = (self.path, path_to("formulatext", f"{self.key}c"))
        return own if self.converted is None else (*own, self._converted_path)

    @property
    def _converted_path(self) -> str:
        return path_to("formulaflag", f"{self.key}x")

    @property
    def digest(self) -> str:
        """Of what its index holds."""
        worth = sql_of(self.worth or self.node, NO_ROW, self.zone)
        own = sql_of(self.node, NO_ROW, self.zone)
        return hashlib.sha256(f"{own}{worth if worth != own else ''}".encode()).hexdigest()[:8]

    def far(self, currency: str) -> Q | None:
        if self.node.type != money_in(currency):
            return super().far(currency)
        return None if self.converted is None else Q(**{self._converted_path: True})

    def load(self, columns: Any) -> Any:
        found = super().load(columns[:2])
        if found is None or not any(columns[2:]):
            return found
        return Converted(found[0]), found[1]

    def plain(self, value: Any, context: Context) -> str:
        text = super().plain(value, context)
        is_converted = isinstance(value, tuple) and isinstance(value[0], Converted)
        return f"≈ {text}" if text and is_converted else text

    def explain(self, principal: Principal, record_id: UUID) -> Why:
        """Where its “≈” comes from."""
        return Why(
            _(
                "Worked out by a formula. Amounts in other currencies are taken in the currency of "
                "the workspace, at the rate of the day."
            )
        )

    def condition(self, op: str, argument: Any) -> Q:
        if self.base or not isinstance(argument, Decimal):
            return super().condition(op, argument)
        if op == "not":
            return ~self.condition("is", argument)
        own = Workspace.objects.values("currency")[:1]
        is_own = Q(Exact(F(self.paths[1]), Subquery(own))) | Q(**{self.paths[1]: ""})
        return super().condition(op, argument) & is_own


class FormulaText(Worked, CustomText):
    """A text worked out by a formula."""

    form = "formulatext"
    max_length = LONGEST


class FormulaFlag(Worked, CustomBoolean):
    """Yes or no, worked out by a formula."""

    form = "formulaflag"

    def plain(self, value: Any, context: Context) -> str:
        return "" if self.is_waiting else CustomBoolean.plain(self, value, context)


class FormulaDate(Worked, CustomDate):
    """A day worked out by a formula."""

    form = "formuladate"


class FormulaMoment(Worked, CustomDateTime):
    """A moment worked out by a formula."""

    form = "formulamoment"


class FormulaChoice(Worked, CustomChoice):
    """One of the choices of another field, worked out by a formula."""

    form = "formulatext"


BY_TYPE: Mapping[str, type[Worked]] = {
    "number": FormulaNumber,
    "money": FormulaMoney,
    "text": FormulaText,
    "flag": FormulaFlag,
    "day": FormulaDate,
    "moment": FormulaMoment,
    "choice": FormulaChoice,
}
