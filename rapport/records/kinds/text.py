"""Text, long text and web addresses."""

from __future__ import annotations

from typing import Any, ClassVar
from urllib.parse import urlsplit

from django.db import models
from django.db.models import F, Q
from django.utils.html import format_html, strip_tags
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from rapport.records.folding import fold, sort_form
from rapport.records.kinds.base import Context, Invalid, Kind, is_storable
from rapport.records.kinds.comparing import NotTold
from rapport.records.sql import Fold, SortText
from rapport.ui.html import Markup, trusted

OUTWARD = Markup('<a href="{}" rel="noopener noreferrer" target="_blank" dir="ltr">{}</a>')


def storable(text: str) -> str:
    """The text without what PostgreSQL can't hold."""
    return text if is_storable(text) else "".join(filter(is_storable, text))


class Text(Kind):
    """One line of text; sought without case and accents."""

    type = "text"
    operators: ClassVar[tuple[str, ...]] = (
        "contains", "starts", "is", "not", "any", "none", "empty", "filled",
    )  # fmt: skip
    max_length = 500

    def model_field(self) -> models.Field[Any, Any]:
        return models.TextField(
            self.label, blank=True, db_default="", default=self.default or "", **self.column
        )

    def parse_text(self, text: str, context: Context) -> Any:
        if not is_storable(text):
            raise Invalid(
                _("%(field)s holds a character that can't be stored.") % {"field": self.label}
            )
        if len(text) > self.max_length:
            raise Invalid(
                _("%(field)s can have %(most)d characters, this has %(count)d.")
                % {"field": self.label, "most": self.max_length, "count": len(text)}
            )
        return text

    def parse(self, raw: Any, context: Context) -> Any:
        if isinstance(raw, dict | list):
            raise Invalid(_("%(field)s takes text.") % {"field": self.label})
        return super().parse("" if raw is None else raw, context)

    def parse_argument(self, raw: Any, context: Context) -> Any:
        return str(raw).strip()

    def is_empty(self) -> Q:
        return Q(**{self.path: ""})

    def condition(self, op: str, argument: Any) -> Q:
        if op in ("empty", "filled") or (op in ("is", "not") and argument == ""):
            return self.is_empty() if op in ("empty", "is") else ~self.is_empty()
        match op:
            case "contains" | "starts":
                found = Q(TextMatch(Fold(F(self.path)), op, argument))
            case "is" | "not":
                found = Q(TextMatch(SortText(F(self.path)), "is", argument))
            case _:
                found = Q(TextMatch(SortText(F(self.path)), "any", argument))
        return ~found if op in ("not", "none") else found

    def holds(self, op: str, argument: Any, value: Any) -> bool:
        if type(self).condition is not Text.condition:
            raise NotTold(self.type)
        text = value or ""
        if op in ("empty", "filled") or (op in ("is", "not") and argument == ""):
            return (text == "") is (op in ("empty", "is"))
        match op:
            case "contains":
                return fold(argument) in fold(text)
            case "starts":
                return fold(text).startswith(fold(argument))
            case "is" | "not":
                return (sort_form(text) == sort_form(argument)) is (op == "is")
        return (sort_form(text) in map(sort_form, argument)) is (op == "any")

    def sort_key(self) -> Any:
        return SortText(F(self.path))

    def describe(self) -> dict[str, Any]:
        return {"type": "string", "maxLength": self.max_length}


class TextMatch(models.Func):
    """A folded column against a folded argument: case and accents never matter, indexes serve."""

    conditional = True
    output_field = models.BooleanField()
    _templates = {
        "contains": "{0} LIKE '%%' || rapport_like({1}) || '%%'",
        "starts": "{0} LIKE rapport_like({1}) || '%%'",
        "is": "{0} = rapport_sort({1})",
        "any": "{0} = ANY (rapport_sort_all({1}))",
    }

    def __init__(self, column: Any, op: str, argument: Any) -> None:
        super().__init__(column)
        self.op, self.argument = op, argument

    def as_sql(self, compiler: Any, connection: Any, *args: Any, **extra: Any) -> tuple[str, Any]:
        column, params = compiler.compile(self.get_source_expressions()[0])
        return self._templates[self.op].format(column, "%s"), (*params, self.argument)


class LongText(Text):
    """Rich text, sanitised when it is taken."""

    type = "long_text"
    operators = ("contains", "empty", "filled")
    max_length = 200_000
    long = True

    TAGS = {
        "a", "b", "blockquote", "br", "code", "del", "div", "em", "h1", "h2", "h3", "i", "li", "ol",
        "p", "pre", "s", "span", "strong", "u", "ul",
    }  # fmt: skip

    def parse_text(self, text: str, context: Context) -> Any:
        return clean_html(super().parse_text(text, context), self.TAGS)

    def plain(self, value: Any, context: Context) -> str:
        return " ".join(strip_tags(value or "").split())

    def show(self, value: Any, context: Context) -> SafeString:
        text = clean_html(value or "", self.TAGS)
        return trusted(text if "<" in text else text.replace("\n", "<br>"))

    def input(self, text: str, context: Context, attributes: SafeString) -> SafeString:
        # A browser drops the first line break after the tag: it must not be one of the text's.
        return format_html(
            '<textarea class="in" rows="4" data-richtext {}>\n{}</textarea>', attributes, text
        )

    def sort_key(self) -> Any:
        return None


def clean_html(text: str, tags: set[str]) -> str:
    """HTML with only harmless tags and links, whatever came in."""
    if "<" not in text and "&" not in text:
        return text
    import nh3

    return nh3.clean(
        text, tags=tags, attributes={"a": {"href"}, "span": {"data-mention"}},
        url_schemes={"http", "https", "mailto", "tel"}, link_rel="noopener noreferrer",
    )  # fmt: skip


def is_web_address(text: str) -> bool:
    """Whether this is an absolute http(s) address with a host that has a dot."""
    try:
        parts = urlsplit(text)
        is_port = parts.port is None or parts.port > 0
    except ValueError:
        return False
    is_web = parts.scheme in ("http", "https") and "." in (parts.hostname or "")
    return is_web and is_port and " " not in text


class Url(Text):
    """A web address; a scheme is added when it was left out."""

    type = "url"
    operators = ("contains", "starts", "is", "empty", "filled")
    max_length = 2000

    def parse_text(self, text: str, context: Context) -> Any:
        text = super().parse_text(text, context)
        if not text:
            return ""
        address = text if "://" in text else f"https://{text}"
        if not is_web_address(address):
            raise Invalid(
                _("“%(text)s” is not a web address. Write it like https://example.com.")
                % {"text": text[:80]}
            )
        return address

    def parse_argument(self, raw: Any, context: Context) -> Any:
        return str(raw).strip()

    def plain(self, value: Any, context: Context) -> str:
        return (value or "").removeprefix("https://").removeprefix("http://").rstrip("/")

    def show(self, value: Any, context: Context) -> SafeString:
        if not value:
            return SafeString("")
        return OUTWARD(value, self.plain(value, context))

    def input(self, text: str, context: Context, attributes: SafeString) -> SafeString:
        return format_html(
            '<input type="text" class="in" inputmode="url" dir="ltr" {} value="{}">',
            attributes,
            text,
        )

    def describe(self) -> dict[str, Any]:
        return {"type": "string", "format": "uri-reference"}
