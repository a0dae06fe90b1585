"""Yes or no, one of several, some of several."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.http import QueryDict
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from rapport.records.kinds.base import Context, Invalid, Kind, Words
from rapport.records.kinds.comparing import holds_plainly
from rapport.records.kinds.picker import name_in
from rapport.records.kinds.text import Text
from rapport.ui.components import tag
from rapport.ui.html import escaped

TRUE = {"1", "true", "yes", "on", "y", "t", "sí", "si", "x", "ja", "oui", "verdadero"}
FALSE = {"0", "false", "no", "off", "n", "f", "", "nein", "non", "falso"}


class Boolean(Kind):
    """Yes or no."""

    type = "boolean"
    operators = ("is",)

    def model_field(self) -> models.Field[Any, Any]:
        return models.BooleanField(
            self.label, default=bool(self.default), db_default=bool(self.default), **self.column
        )

    def parse(self, raw: Any, context: Context) -> Any:
        if isinstance(raw, bool):
            return raw
        word = "" if raw is None else str(raw).strip().lower()
        if word in TRUE or word in FALSE:
            return word in TRUE
        raise Invalid(
            _("“%(text)s” is neither yes nor no for %(field)s.")
            % {"text": word[:40], "field": self.label}
        )

    def holds(self, op: str, argument: Any, value: Any) -> bool:
        return bool(value) is argument

    def plain(self, value: Any, context: Context) -> str:
        return _("Yes") if value else _("No")

    def show(self, value: Any, context: Context) -> SafeString:
        return escaped(self.plain(value, context))

    def typed(self, value: Any, context: Context) -> str:
        return "true" if value else "false"

    def input(self, text: str, context: Context, attributes: SafeString) -> SafeString:
        return format_html(
            '<input type="checkbox" class="check" {} value="true"{}>',
            attributes,
            SafeString(" checked" if text.lower() in TRUE else ""),
        )

    def json(self, value: Any) -> Any:
        return bool(value)

    def export(self, value: Any, context: Context) -> str:
        return "true" if value else "false"

    def describe(self) -> dict[str, Any]:
        return {"type": "boolean"}


type Options = Sequence[tuple[str, Words]] | Mapping[str, Words]


class Choice(Text):
    """One of a declared list; stored by its stable key, shown in the reader's words."""

    type = "choice"
    operators: ClassVar[tuple[str, ...]] = ("is", "not", "any", "none", "empty", "filled")
    #: What forms call it when nothing is chosen.
    nothing: ClassVar[Words] = "–"

    def __init__(
        self,
        label: Words,
        options: Options,
        *,
        tones: Mapping[str, str] | None = None,
        elsewhere: Mapping[str, str] | None = None,
        **rest: Any,
    ) -> None:
        super().__init__(label, **rest)
        self.options: dict[str, Words] = dict(options)
        self.tones = dict(tones or {})
        #: What other programs call a choice, lower case, to our key.
        self.elsewhere = dict(elsewhere or {})

    def find(self, text: str) -> str:
        """The key for a key or a label. Raises Invalid naming what there is."""
        wanted = text.casefold()
        for key, label in self.options.items():
            if wanted in (key.casefold(), str(label).casefold(), key.replace("_", " ").casefold()):
                return key
        if wanted in self.elsewhere:
            return self.elsewhere[wanted]
        raise Invalid(
            _("“%(text)s” is not a choice for %(field)s. There is: %(choices)s.")
            % {
                "text": text[:40],
                "field": self.label,
                "choices": ", ".join(str(label) for label in list(self.options.values())[:12]),
            }
        )

    def parse_text(self, text: str, context: Context) -> Any:
        return self.find(text) if text else ""

    def parse_argument(self, raw: Any, context: Context) -> Any:
        text = str(raw).strip()
        return self.find(text) if text else ""

    def holds(self, op: str, argument: Any, value: Any) -> bool:
        if op in ("empty", "filled"):
            return bool(value) is (op == "filled")
        return holds_plainly(op, argument, value or "")

    def condition(self, op: str, argument: Any) -> Q:
        match op:
            case "empty" | "filled":
                return self.is_empty() if op == "empty" else ~self.is_empty()
            case "any" | "none":
                found = Q(**{f"{self.path}__in": argument})
            case _:
                found = Q(**{self.path: argument})
        return ~found if op in ("not", "none") else found

    def plain(self, value: Any, context: Context) -> str:
        return str(self.options.get(value, value or ""))

    def show(self, value: Any, context: Context) -> SafeString:
        return (
            tag(self.plain(value, context), self.tones.get(value, "")) if value else SafeString("")
        )

    def typed(self, value: Any, context: Context) -> str:
        return value or ""

    def input(self, text: str, context: Context, attributes: SafeString) -> SafeString:
        # Without a value nothing is chosen for the reader, not even where something must be.
        is_chosen = self.required and text in self.options
        blank = [("", str(self.nothing))]
        options = [*([] if is_chosen else blank), *self.options.items()]
        return select(attributes, [(key, str(label), key == text) for key, label in options])

    def sort_key(self) -> Any:
        return F(self.path)

    def describe(self) -> dict[str, Any]:
        return {"type": "string", "enum": ["", *self.options]}


def select(
    attributes: SafeString, options: Sequence[tuple[str, str, bool]], *, multiple: bool = False
) -> SafeString:
    """A select box of (value, label, is chosen)."""
    inner = format_html_join(
        "",
        '<option value="{}"{}>{}</option>',
        (
            (value, SafeString(" selected" if chosen else ""), label)
            for value, label, chosen in options
        ),
    )
    return format_html(
        '<select class="select" {}{}>{}</select>',
        attributes,
        SafeString(" multiple" if multiple else ""),
        inner,
    )


class Choices(Choice):
    """Several of a declared list."""

    type = "choices"
    operators: ClassVar[tuple[str, ...]] = ("is", "any", "none", "empty", "filled")

    def model_field(self) -> models.Field[Any, Any]:
        return ArrayField(
            models.TextField(), default=list, db_default=[], blank=True, verbose_name=self.label
        )

    def parse(self, raw: Any, context: Context) -> Any:
        parts = (
            raw if isinstance(raw, list | tuple) else str(raw or "").replace(";", ",").split(",")
        )
        found = [self.find(str(part).strip()) for part in parts if str(part).strip()]
        if self.required and not found:
            raise Invalid(_("%(field)s can't be empty.") % {"field": self.label})
        return list(dict.fromkeys(found))

    def is_empty(self) -> Q:
        return Q(**{f"{self.path}__len": 0})

    def holds(self, op: str, argument: Any, value: Any) -> bool:
        chosen = set(value or ())
        match op:
            case "empty" | "filled":
                return bool(chosen) is (op == "filled")
            case "is":
                return argument in chosen
        return bool(chosen & set(argument)) is (op == "any")

    def condition(self, op: str, argument: Any) -> Q:
        match op:
            case "empty" | "filled":
                return self.is_empty() if op == "empty" else ~self.is_empty()
            case "is":
                return Q(**{f"{self.path}__contains": [argument]})
            case _:
                found = Q(**{f"{self.path}__overlap": argument})
        return ~found if op == "none" else found

    def plain(self, value: Any, context: Context) -> str:
        return ", ".join(str(self.options.get(key, key)) for key in value or [])

    def typed(self, value: Any, context: Context) -> str:
        return ",".join(value or [])

    def posted(self, data: QueryDict, name: str) -> list[str]:
        return data.getlist(name)

    def show(self, value: Any, context: Context) -> SafeString:
        return format_html_join(
            " ",
            "{}",
            (
                (tag(str(self.options.get(key, key)), self.tones.get(key, "")),)
                for key in value or []
            ),
        )

    def edit(self, value: Any, context: Context, attributes: SafeString) -> SafeString:
        """A box for each choice: nobody has to know of the control key."""
        name, chosen = name_in(attributes), set(value or [])
        boxes = format_html_join(
            "",
            '<label class="row small"><input type="checkbox" class="check" name="{}" value="{}"{}>'
            "<span>{}</span></label>",
            (
                (name, key, SafeString(" checked" if key in chosen else ""), label)
                for key, label in self.options.items()
            ),
        )
        return format_html('<div class="options" role="group" {}>{}</div>', attributes, boxes)

    def input(self, text: str, context: Context, attributes: SafeString) -> SafeString:
        return self.edit(text.split(","), context, attributes)

    def sort_key(self) -> Any:
        return None

    def json(self, value: Any) -> Any:
        return list(value or [])

    def export(self, value: Any, context: Context) -> str:
        return ";".join(value or [])

    def describe(self) -> dict[str, Any]:
        return {"type": "array", "items": {"type": "string", "enum": list(self.options)}}
