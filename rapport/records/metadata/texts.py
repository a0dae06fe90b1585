"""Texts in the custom column."""

from __future__ import annotations

from typing import Any

from rapport.records.kinds.text import LongText, Text, Url
from rapport.records.metadata.kept import InCustom


class CustomText(InCustom, Text):
    """One line of text."""

    form = "text"

    def unpacked(self, raw: Any) -> Any:
        return "" if raw is None else str(raw)


class CustomLongText(InCustom, LongText):
    """Rich text."""

    form = "text"


class CustomUrl(CustomText, Url):
    """A web address."""
