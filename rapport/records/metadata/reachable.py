"""E-mail addresses and phone numbers in the custom column, to write to and to call."""

from __future__ import annotations

import re
from typing import Any

from django.db.models import Q
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from rapport.records.kinds.base import Context, Invalid
from rapport.records.metadata.texts import CustomText
from rapport.ui.html import Markup

MAIL = Markup('<a href="mailto:{}" dir="ltr">{}</a>')
CALL = Markup('<a href="tel:{}" dir="ltr">{}</a>')
ADDRESS = re.compile(r"[^@\s<>\"'&?]{1,64}@[^@\s<>\"'&?]+\.[^@\s<>\"'&?.]+")
NUMBER = re.compile(r"[+0-9 ()./x#*-]+")
#: As many digits as E.164 allows, with what people write between them and an extension.
DIALLED = r"^\+?([ ()./-]*[0-9]){7,15}[ ()./-]*([x#*].*)?$"


class CustomEmail(CustomText):
    """An e-mail address."""

    type = "email"
    operators = ("contains", "starts", "is", "not", "any", "none", "empty", "filled")
    max_length = 254

    def parse_text(self, text: str, context: Context) -> Any:
        found = super().parse_text(text, context)
        if found and not re.fullmatch(
            r"[^@\s<>\"'&?]{1,64}@[^@\s<>\"'&?]+\.[^@\s<>\"'&?.]+", found
        ):
            raise Invalid(
                _("“%(text)s” is not an e-mail address. Write it like ana@example.com.")
                % {"text": text[:60]}
            )
        return found

    def faulty(self) -> Q | None:
        return ~self.is_empty() & ~Q(**{f"{self.path}__regex": rf"^{ADDRESS.pattern}$"})

    def show(self, value: Any, context: Context) -> SafeString:
        return MAIL(value, value) if value else SafeString("")

    def input(self, text: str, context: Context, attributes: SafeString) -> SafeString:
        return format_html(
            '<input type="text" class="in" inputmode="email" dir="ltr" {} value="{}">',
            attributes,
            text,
        )


class CustomPhone(CustomText):
    """A phone number as it is written; calling it leaves out what only helps to read it."""

    type = "phone"
    max_length = 50

    def parse_text(self, text: str, context: Context) -> Any:
        found = super().parse_text(text, context)
        if found and not (NUMBER.fullmatch(found) and re.search(r"\d{2}", found)):
            raise Invalid(
                _("“%(text)s” is not a phone number. Write it like +34 600 123 456.")
                % {"text": text[:60]}
            )
        return found

    def faulty(self) -> Q | None:
        return ~self.is_empty() & ~Q(**{f"{self.path}__regex": DIALLED})

    def show(self, value: Any, context: Context) -> SafeString:
        return CALL(re.sub(r"[^+0-9]", "", value), value) if value else SafeString("")

    def input(self, text: str, context: Context, attributes: SafeString) -> SafeString:
        return format_html(
            '<input type="text" class="in" inputmode="tel" dir="ltr" {} value="{}">',
            attributes,
            text,
        )
