"""Structured values, words in several languages, and values the server computes."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar, NoReturn
from uuid import UUID

from django.db import models
from django.db.models import F, Q
from django.db.models.fields.json import KT
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from rapport.records.kinds.base import Context, Invalid, Kind, is_storable
from rapport.records.kinds.comparing import NotTold
from rapport.records.kinds.text import Text
from rapport.records.sql import SortText

if TYPE_CHECKING:
    from rapport.accounts.principals import Principal


class Json(Kind):
    """Structured data, typed as JSON."""

    type = "json"
    operators = ("empty", "filled")

    def model_field(self) -> models.Field[Any, Any]:
        return models.JSONField(self.label, null=True, blank=True, **self.column)

    def parse(self, raw: Any, context: Context) -> Any:
        value = self.read(raw) if isinstance(raw, str) else raw
        if not is_storable(value):
            raise Invalid(_("%(field)s holds what can't be stored.") % {"field": self.label})
        return value

    def read(self, text: str) -> Any:
        """The value of JSON text. Raises Invalid."""
        try:
            return json.loads(text, parse_constant=_refuse_constant) if text.strip() else None
        except (ValueError, RecursionError) as problem:
            raise Invalid(
                _("%(field)s is not JSON: %(why)s.") % {"field": self.label, "why": problem}
            ) from None

    def typed(self, value: Any, context: Context) -> str:
        return "" if value is None else json.dumps(value, ensure_ascii=False, indent=1)

    def plain(self, value: Any, context: Context) -> str:
        return "" if value is None else json.dumps(value, ensure_ascii=False)

    def input(self, text: str, context: Context, attributes: SafeString) -> SafeString:
        return format_html(
            '<textarea class="in" rows="4" dir="ltr" {}>\n{}</textarea>', attributes, text
        )

    def sort_key(self) -> Any:
        return None

    def export(self, value: Any, context: Context) -> str:
        return self.plain(value, context)

    def describe(self) -> dict[str, Any]:
        return {}


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON number")


class LocalWords(Kind):
    """A label in several languages, {language: text}, with a fallback."""

    type = "words"
    max_length = 500
    operators = ("contains", "is", "not", "any", "none", "empty", "filled")

    def model_field(self) -> models.Field[Any, Any]:
        return models.JSONField(self.label, default=dict, db_default={}, **self.column)

    def parse(self, raw: Any, context: Context) -> Any:
        if isinstance(raw, dict):
            found = {
                str(tongue): str(text).strip() for tongue, text in raw.items() if str(text).strip()
            }
        else:
            text = "" if raw is None else str(raw).strip()
            found = _in_tongues(text) or ({_tongue(context): text} if text else {})
        if self.required and not found:
            raise Invalid(_("%(field)s can't be empty.") % {"field": self.label})
        if not is_storable(found):
            raise Invalid(
                _("%(field)s holds a character that can't be stored.") % {"field": self.label}
            )
        for text in found.values():
            if len(text) > self.max_length:
                raise Invalid(
                    _("%(field)s can have %(most)d characters, this has %(count)d.")
                    % {"field": self.label, "most": self.max_length, "count": len(text)}
                )
        return found

    def parse_argument(self, raw: Any, context: Context) -> Any:
        return str(raw).strip()

    def told(self, argument: Any, context: Context) -> str:
        return str(argument)

    def condition(self, op: str, argument: Any) -> Q:
        if op == "contains":
            return Q(**{f"{self.path}__icontains": argument})
        if op in ("empty", "filled") or argument == "":
            return self.is_empty() if op in ("empty", "is") else ~self.is_empty()
        wanted = argument if op in ("any", "none") else [argument]
        found = Q(WordMatch(F(self.path), wanted))
        return ~found if op in ("not", "none") else found

    def is_empty(self) -> Q:
        return Q(**{self.path: {}})

    def plain(self, value: Any, context: Context) -> str:
        return words(value, context.language)

    def typed(self, value: Any, context: Context) -> str:
        return words(value, context.language)

    def merge(self, before: Any, typed: Any, context: Context) -> Any:
        return {**(before or {}), **typed} if typed else typed

    def sort_key(self) -> Any:
        return SortText(KT(f"{self.path}__en"))

    def export(self, value: Any, context: Context) -> str:
        if not value or set(value) == {_tongue(context)}:
            return "".join((value or {}).values())
        return json.dumps(value, ensure_ascii=False)

    def describe(self) -> dict[str, Any]:
        return {"type": "object", "additionalProperties": {"type": "string"}}


class WordMatch(models.Func):
    """Whether the words in any language are one of several texts, without case and accents."""

    conditional = True
    output_field = models.BooleanField()

    def __init__(self, column: Any, texts: list[str]) -> None:
        super().__init__(column)
        self.texts = texts

    def as_sql(self, compiler: Any, connection: Any, *args: Any, **extra: Any) -> tuple[str, Any]:
        column, params = compiler.compile(self.get_source_expressions()[0])
        text = (
            f"EXISTS (SELECT FROM jsonb_each_text({column}) AS said (tongue, word) "
            "WHERE rapport_sort(said.word) = ANY (rapport_sort_all(%s)))"
        )
        return text, (*params, self.texts)


def _tongue(context: Context) -> str:
    return context.language.split("-")[0]


def _in_tongues(text: str) -> dict[str, str]:
    """The words of a text that `export` wrote for several languages; empty for any other text."""
    try:
        found = json.loads(text) if text.startswith("{") else None
    except (ValueError, RecursionError):
        return {}
    if not isinstance(found, dict) or not all(isinstance(word, str) for word in found.values()):
        return {}
    return found


def words(value: Mapping[str, str] | None, language: str) -> str:
    """The text in `language`, else in English, else in any."""
    if not value:
        return ""
    return value.get(language.split("-")[0]) or value.get("en") or next(iter(value.values()))


class Generated(Text):
    """Text the database derives from other columns of the row, such as a full name."""

    type = "text"

    def __init__(self, label: Any, expression: Any, **options: Any) -> None:
        super().__init__(label, editable=False, **options)
        self.expression = expression

    def model_field(self) -> models.Field[Any, Any]:
        return models.GeneratedField(
            expression=self.expression,
            output_field=models.TextField(),
            db_persist=True,
            verbose_name=self.label,
        )


@dataclass(frozen=True, slots=True)
class Why:
    """What made a computed value: the rule, when, and its parts as (what, how much, page)."""

    rule: str
    at: datetime | None = None
    lines: Sequence[tuple[str, str, str]] = ()


type Fetch = Callable[[Principal, Sequence[UUID]], Mapping[UUID, Any]]


class Computed(Kind):
    """A value fetched for a whole page of records at once and explained on request."""

    type = "computed"
    operators: ClassVar[tuple[str, ...]] = ()
    stored = False

    def __init__(
        self, label: Any, fetch: Fetch, *, show: Callable[[Any, Context], SafeString] | None = None,
        why: Callable[[Principal, UUID], Why | None] | None = None, **options: Any,
    ) -> None:  # fmt: skip
        super().__init__(label, editable=False, personal=options.pop("personal", "none"), **options)
        self.fetch = fetch
        self.shown = show
        self.why = why

    @property
    def paths(self) -> tuple[str, ...]:
        return ()

    def show(self, value: Any, context: Context) -> SafeString:
        return self.shown(value, context) if self.shown else super().show(value, context)

    def holds(self, op: str, argument: Any, value: Any) -> bool:
        raise NotTold(self.type)

    def sort_key(self) -> Any:
        return None

    def describe(self) -> dict[str, Any]:
        return {"readOnly": True}
