"""Kinds whose values lie in the record's custom column: those of columns, with other paths."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import models
from django.db.models import Exists, F, Q, Value
from django.db.models.functions import Coalesce
from django.db.models.lookups import Exact, In
from django.utils.translation import gettext as _

from rapport.accounts.models import Workspace
from rapport.records.kinds.base import Context, Invalid
from rapport.records.kinds.choice import Boolean, Choice, Choices
from rapport.records.kinds.comparing import NotTold, holds_plainly
from rapport.records.kinds.number import Decimals, Integer, Money, Percent, Rating
from rapport.records.kinds.relation import Relation, UserRelation
from rapport.records.kinds.time import LAST_DAY, LAST_MOMENT, Date, DateTime
from rapport.records.metadata.column import CUSTOM, FORMS, path_to
from rapport.records.metadata.kept import COMPARED, NOWHERE, InCustom, Ordered
from rapport.records.metadata.reachable import CustomEmail, CustomPhone
from rapport.records.metadata.texts import CustomLongText, CustomText, CustomUrl


class CustomNumber(Ordered, Decimals):
    """A decimal number."""

    form = "number"
    nothing = -(Decimal(10) ** 18)

    def holds(self, op: str, argument: Any, value: Any) -> bool:
        return holds_plainly(op, argument, value)


class CustomPercent(CustomNumber, Percent):
    """A percentage."""


class CustomInteger(Ordered, Integer):
    """A whole number."""

    form = "whole"
    nothing = -(10**18)

    def holds(self, op: str, argument: Any, value: Any) -> bool:
        return holds_plainly(op, argument, value)


class CustomRating(CustomInteger, Rating):
    """One to five stars."""


class CustomMoney(CustomNumber, Money):
    """An amount with its currency. It is asked, ordered and added up by what it comes to in the
    workspace's currency, which the database keeps beside the record (`models/money.sql`)."""

    operators = ("is", "not", "gt", "gte", "lt", "lte", "empty", "filled")

    def bind(self, name: str, owner: Any) -> None:
        super().bind(name, owner)
        self.base = path_to("base", self.key)

    @property
    def digest(self) -> str:
        """Indexes of an earlier release held the bare amounts."""
        return "b"

    @property
    def paths(self) -> tuple[str, ...]:
        return (self.path, path_to("text", f"{self.key}c"))

    @property
    def logged(self) -> tuple[str, ...]:
        return (f"{CUSTOM}.{self.key}", f"{CUSTOM}.{self.key}c")

    def columns(self, value: Any) -> dict[str, Any]:
        amount, currency = value if isinstance(value, tuple) else (value, "")
        kept = {self.key: amount, f"{self.key}c": (currency or None) if value else None}
        return {CUSTOM: kept}

    def parse(self, raw: Any, context: Context) -> Any:
        found = super().parse(raw, context)
        amount, currency = found if isinstance(found, tuple) else (found, "")
        return None if amount is None else (amount, currency or context.currency)

    def parse_argument(self, raw: Any, context: Context) -> Any:
        return Money.parse(self, raw, context)

    def typed(self, value: Any, context: Context) -> str:
        text = Money.typed(self, value, context)
        currency = value[1] if isinstance(value, tuple) else ""
        return f"{text} {currency}" if currency not in ("", context.currency) else text

    def condition(self, op: str, argument: Any) -> Q:
        """Amounts in a currency that is named are compared as they are, else by what they come to
        in the workspace's own, where that is known."""
        if not isinstance(argument, tuple):
            return super().condition(op, argument)
        if op == "not":
            return ~self.condition("is", argument)
        amount, currency = argument
        holds = Q(COMPARED[op](F(self.path), amount)) & Q(**{f"{self.path}__isnull": False})
        # What names no currency is in the workspace's own. Each part is served by an index.
        is_own = Q(Exists(Workspace.objects.filter(currency=currency)))
        named, unnamed = Q(**{self.paths[1]: currency}), Q(**{self.paths[1]: ""})
        return (named & holds) | (unnamed & holds & is_own)

    def is_empty(self) -> Q:
        """No amount: one whose worth nobody knows stands among the empty ones, and is none."""
        return super().is_empty() & Q(**{f"{self.path}__isnull": True})

    def holds(self, op: str, argument: Any, value: Any) -> bool:
        if isinstance(argument, Decimal) or (isinstance(value, tuple) and not value[1]):
            # Which currency is meant is the workspace's to say.
            raise NotTold(self.type)
        return Money.holds(self, op, argument, value)

    def told(self, argument: Any, context: Context) -> str:
        return self.plain(argument, context)

    def sort_key(self) -> Any:
        field = FORMS[self.form].field
        worth = F(self.base or self.path)
        return Coalesce(worth, Value(self.nothing, output_field=field), output_field=field)


class CustomDate(Ordered, Date):
    """A calendar day."""

    form = "date"
    nothing = LAST_DAY
    highest = True

    def parse_text(self, text: str, context: Context) -> Any:
        found = super().parse_text(text, context)
        if found == LAST_DAY:
            raise Invalid(_("%(field)s is out of the range of dates.") % {"field": self.label})
        return found

    def packed(self, value: date) -> str:
        return value.isoformat()


class CustomDateTime(Ordered, DateTime):
    """A moment."""

    form = "moment"
    nothing = LAST_MOMENT
    highest = True

    def condition(self, op: str, argument: Any) -> Q:
        if op == "is" and argument is not None:
            found = self.condition("gte", argument)
            return found & self.condition("lt", argument + timedelta(days=1))
        return super().condition(op, argument)

    def packed(self, value: datetime) -> str:
        return value.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


class CustomBoolean(InCustom, Boolean):
    """Yes or no; where nobody said, no."""

    form = "flag"

    def blank(self, value: Any) -> bool:
        return value is None

    def is_empty(self) -> Q:
        return Q(**{self.path: False})


class CustomChoice(InCustom, Choice):
    """One of a list."""

    form = "text"

    def unpacked(self, raw: Any) -> Any:
        return "" if raw is None else str(raw)


class CustomChoices(InCustom, Choices):
    """Several of a list."""

    form = "list"

    def is_empty(self) -> Q:
        return Q(**{self.path: []})

    def index_key(self) -> Any:
        return None


class Pointing(InCustom, Relation):
    """A record's key; where there is none, a key that no record has, so that `not` finds it."""

    form = "uuid"

    def packed(self, value: UUID) -> str:
        return str(value)

    def index_key(self) -> Any:
        field = models.UUIDField()
        return Coalesce(F(self.path), Value(NOWHERE, output_field=field), output_field=field)

    def is_empty(self) -> Q:
        return Q(Exact(self.index_key(), NOWHERE))

    def condition(self, op: str, argument: Any) -> Q:
        several: Sequence[Any] = argument if isinstance(argument, list) else [argument]
        match op:
            case "empty" | "filled":
                return self.is_empty() if op == "empty" else ~self.is_empty()
            case "not" | "none":
                return ~self.condition("any", several)
        keys = [one or NOWHERE for one in several]
        return Q(In(self.index_key(), keys)) if keys else Q(pk__in=[])

    def holds(self, op: str, argument: Any, value: Any) -> bool:
        return holds_plainly(op, argument, value)


class CustomRelation(Pointing):
    """One other record."""


class CustomUser(Pointing, UserRelation):
    """A user of this workspace."""

    def __init__(self, label: Any, **options: Any) -> None:
        UserRelation.__init__(self, label, **options)

    def holds(self, op: str, argument: Any, value: Any) -> bool:
        return UserRelation.holds(self, op, argument, value)


KINDS: Mapping[str, type[InCustom]] = {
    "text": CustomText,
    "long_text": CustomLongText,
    "integer": CustomInteger,
    "decimal": CustomNumber,
    "money": CustomMoney,
    "percent": CustomPercent,
    "boolean": CustomBoolean,
    "date": CustomDate,
    "datetime": CustomDateTime,
    "choice": CustomChoice,
    "choices": CustomChoices,
    "url": CustomUrl,
    "rating": CustomRating,
    "email": CustomEmail,
    "phone": CustomPhone,
    "relation": CustomRelation,
    "user": CustomUser,
}
