"""Whole numbers, decimals, percents, ratings and money."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any, ClassVar

from babel.numbers import NumberFormatError, parse_decimal
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rapport.kit.formats import format_decimal, format_money, format_percent, money_digits
from rapport.records.kinds.base import Context, Invalid, Kind
from rapport.records.kinds.comparing import COMPARE, NotTold, holds_plainly
from rapport.records.kinds.currencies import parse_currency, split_currency
from rapport.records.kinds.text import Text
from rapport.ui.html import Markup

COMPARISONS = ("is", "not", "gt", "gte", "lt", "lte", "empty", "filled")
NUMBER = Markup('<data class="num" value="{}">{}</data>')
STARS = Markup('<span class="rating" role="img" aria-label="{}">{}</span>')


class Decimals(Kind):
    """A decimal number."""

    type = "decimal"
    operators = COMPARISONS
    numeric = True
    digits: ClassVar[int] = 18
    places: int = 4
    low: Decimal | None = None
    high: Decimal | None = None

    def __init__(
        self,
        label: Any,
        *,
        low: Any = None,
        high: Any = None,
        places: int | None = None,
        **options: Any,
    ) -> None:
        super().__init__(label, **options)
        self.places = self.places if places is None else places
        self.low = self.low if low is None else Decimal(low)
        self.high = self.high if high is None else Decimal(high)

    def model_field(self) -> models.Field[Any, Any]:
        return models.DecimalField(
            self.label, max_digits=self.digits, decimal_places=self.places, null=True, blank=True,
            default=self.default, **self.column,
        )  # fmt: skip

    def number(self, text: str, context: Context) -> Decimal:
        """The number written in `text`, by the reader's locale or the international form."""
        try:
            return Decimal(text)
        except InvalidOperation:
            pass
        try:
            return parse_decimal(text.replace(" ", " "), locale=context.language, strict=True)
        except (NumberFormatError, ValueError):
            raise Invalid(
                _("“%(text)s” is not a number for %(field)s.")
                % {"text": text[:40], "field": self.label}
            ) from None

    def parse(self, raw: Any, context: Context) -> Any:
        if isinstance(raw, bool | dict | list):
            raise Invalid(_("%(field)s takes a number.") % {"field": self.label})
        return super().parse(raw, context)

    def parse_text(self, text: str, context: Context) -> Any:
        if not text:
            return None
        value = self.number(text, context)
        if not value.is_finite() or abs(value) >= Decimal(10) ** (self.digits - self.places):
            raise Invalid(_("%(field)s is too large a number.") % {"field": self.label})
        if self.low is not None and value < self.low:
            raise Invalid(
                _("%(field)s can't be less than %(low)s.") % {"field": self.label, "low": self.low}
            )
        if self.high is not None and value > self.high:
            raise Invalid(
                _("%(field)s can't be more than %(high)s.")
                % {"field": self.label, "high": self.high}
            )
        return self.quantize(value)

    def quantize(self, value: Decimal) -> Any:
        return round(value, self.places)

    def plain(self, value: Any, context: Context) -> str:
        return "" if value is None else format_decimal(value, context.language)

    def show(self, value: Any, context: Context) -> SafeString:
        return SafeString("") if value is None else NUMBER(value, self.plain(value, context))

    def typed(self, value: Any, context: Context) -> str:
        return self.plain(value, context)

    def input(self, text: str, context: Context, attributes: SafeString) -> SafeString:
        return format_html(
            '<input type="text" inputmode="decimal" class="in num" {} value="{}">',
            attributes,
            text,
        )

    def sort_key(self) -> Any:
        lowest = -(Decimal(10) ** (self.digits - self.places))
        return Coalesce(F(self.path), Value(lowest, output_field=models.DecimalField()))

    def json(self, value: Any) -> Any:
        return None if value is None else float(value)

    def export(self, value: Any, context: Context) -> str:
        return "" if value is None else format(value.normalize(), "f") if value else "0"

    def describe(self) -> dict[str, Any]:
        return {"type": ["number", "null"]}


class Integer(Decimals):
    """A whole number."""

    type = "integer"
    digits = 18
    places = 0

    def model_field(self) -> models.Field[Any, Any]:
        return models.BigIntegerField(
            self.label, null=True, blank=True, default=self.default, **self.column
        )

    def quantize(self, value: Decimal) -> Any:
        if value != value.to_integral_value():
            raise Invalid(_("%(field)s takes a whole number.") % {"field": self.label})
        return int(value)

    def sort_key(self) -> Any:
        return Coalesce(F(self.path), Value(-(10**18), output_field=models.BigIntegerField()))

    def json(self, value: Any) -> Any:
        return value

    def export(self, value: Any, context: Context) -> str:
        return "" if value is None else str(value)

    def describe(self) -> dict[str, Any]:
        return {"type": ["integer", "null"]}


class Percent(Decimals):
    """A percentage; 25 means 25 %."""

    type = "percent"
    digits = 9
    places = 2

    def parse_text(self, text: str, context: Context) -> Any:
        return super().parse_text(text.removesuffix("%").strip(), context)

    def plain(self, value: Any, context: Context) -> str:
        return "" if value is None else format_percent(value, context.language)

    def typed(self, value: Any, context: Context) -> str:
        return "" if value is None else format_decimal(value, context.language)


class Rating(Integer):
    """One to five stars."""

    type = "rating"
    low, high = Decimal(1), Decimal(5)

    def plain(self, value: Any, context: Context) -> str:
        return "" if value is None else ngettext("%(n)d star", "%(n)d stars", value) % {"n": value}

    def show(self, value: Any, context: Context) -> SafeString:
        if value is None:
            return SafeString("")
        return STARS(self.plain(value, context), "★" * value + "☆" * (5 - value))

    def typed(self, value: Any, context: Context) -> str:
        return "" if value is None else str(value)

    def describe(self) -> dict[str, Any]:
        return {"type": ["integer", "null"], "minimum": 1, "maximum": 5}


class Money(Decimals):
    """An amount in the currency that another field of the record names."""

    type = "money"
    digits, places = 18, 2

    def __init__(
        self, label: Any, *, currency: str = "currency", base: str = "", **options: Any
    ) -> None:
        super().__init__(label, **options)
        self.currency_field = currency
        self.base = base

    @property
    def paths(self) -> tuple[str, ...]:
        prefix = self.path.rpartition("__")[0]
        return (self.path, f"{prefix}__{self.currency_field}" if prefix else self.currency_field)

    @property
    def is_ours(self) -> bool:
        """Whether every amount is in the workspace's currency."""
        return len(self.paths) == 1

    @property
    def reckoned(self) -> str:
        """The path of the amount in the workspace's currency; empty where none is kept."""
        return self.base or (self.path if self.is_ours else "")

    def far(self, currency: str) -> Q | None:
        """The rows whose amount is in another currency than this one, which is the workspace's;
        None where there are none."""
        if self.is_ours:
            return None
        is_other = ~Q(**{f"{self.paths[1]}__in": ["", currency]})
        return is_other & Q(**{f"{self.path}__isnull": False})

    def load(self, columns: Any) -> Any:
        return None if columns[0] is None else (columns[0], columns[1] or "")

    def columns(self, value: Any) -> dict[str, Any]:
        if not isinstance(value, tuple):
            return {self.path: value}
        amount, currency = value
        return {self.path: amount, **({self.currency_field: currency} if currency else {})}

    def parse(self, raw: Any, context: Context) -> Any:
        if isinstance(raw, dict):
            amount = super().parse(raw.get("amount"), context)
            if not isinstance(raw.get("currency", ""), str | None):
                raise Invalid(_("%(field)s takes a number.") % {"field": self.label})
            return (
                None
                if amount is None
                else (amount, parse_currency(raw.get("currency") or "", self.label))
            )
        amount, currency = split_currency(str(raw or "").strip())
        value = super().parse(amount, context)
        return (value, currency) if value is not None and currency else value

    def told(self, argument: Any, context: Context) -> str:
        if isinstance(argument, tuple) or self.base:
            return self.plain(argument, context)
        return format_decimal(argument, context.language)

    def condition(self, op: str, argument: Any) -> Q:
        """Amounts in a currency that is named are compared as they are, else by what they come to
        in the workspace's own, where that is known."""
        if isinstance(argument, tuple):
            amount, currency = argument
            if op == "not":
                return ~self.condition("is", argument)
            found = super().condition(op, amount)
            return found if self.is_ours else found & Q(**{self.paths[1]: currency})
        if self.base and op in COMPARE:
            return Q(**{f"{self.base}__{op}": argument})
        return super().condition(op, argument)

    def holds(self, op: str, argument: Any, value: Any) -> bool:
        amount, currency = value if isinstance(value, tuple) else (value, "")
        if isinstance(argument, tuple):
            if op == "not":
                return not self.holds("is", argument, value)
            is_same = self.is_ours or currency == argument[1]
            return holds_plainly(op, argument[0], amount) and is_same
        if self.base and op in COMPARE:
            raise NotTold(self.type)
        return holds_plainly(op, argument, amount)

    def plain(self, value: Any, context: Context) -> str:
        if value is None:
            return ""
        amount, currency = value if isinstance(value, tuple) else (value, "")
        return format_money(amount, currency or context.currency, context.language)

    def show(self, value: Any, context: Context) -> SafeString:
        if value is None:
            return SafeString("")
        amount = value[0] if isinstance(value, tuple) else value
        return NUMBER(amount, self.plain(value, context))

    def typed(self, value: Any, context: Context) -> str:
        if value is None:
            return ""
        amount, currency = value if isinstance(value, tuple) else (value, "")
        places = money_digits(currency or context.currency)
        return format_decimal(round(amount, places), context.language)

    def sort_key(self) -> Any:
        path = self.base or self.path
        lowest = -(Decimal(10) ** (self.digits - self.places))
        return Coalesce(F(path), Value(lowest, output_field=models.DecimalField()))

    def json(self, value: Any) -> Any:
        if value is None:
            return None
        amount, currency = value if isinstance(value, tuple) else (value, "")
        # A text: no reader's floating point may round what somebody owes.
        return {"amount": str(amount), "currency": currency}

    def export(self, value: Any, context: Context) -> str:
        if value is None:
            return ""
        amount, currency = value if isinstance(value, tuple) else (value, "")
        return f"{amount} {currency}".strip()

    def describe(self) -> dict[str, Any]:
        return {
            "type": ["object", "null"],
            "properties": {
                "amount": {"type": "string", "pattern": r"^-?\d+(\.\d+)?$"},
                "currency": {"type": "string"},
            },
        }


class Currency(Text):
    """An ISO 4217 code."""

    type = "currency"
    operators = ("is", "not", "any", "none")
    max_length = 3

    def parse_text(self, text: str, context: Context) -> Any:
        return parse_currency(text, self.label) or context.currency
