"""The phone numbers of a person or a company."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _

from rapport.contacts.parts.phone_text import read_phone, show_phone
from rapport.contacts.parts.ways import Way, Ways
from rapport.records.kinds import Context, Invalid


class Phones(Ways):
    """Phone numbers; inside in the form E.164, outside as the reader's country writes them."""

    type = "phones"
    table = "PhoneNumber"
    scheme = "tel"
    input_type = "tel"
    form = r"^\+[1-9][0-9]{4,14}$"
    labels = {
        "mobile": _("Mobile"), "work": _("Office"), "home": _("Home"), "fax": _("Fax"),
        "other": _("Other"),
    }  # fmt: skip

    def read(self, part: Way, context: Context) -> Way:
        value = str(part["value"]).strip()
        found = read_phone(value, context.country)
        return {
            "value": value, "normalised": found.e164, "extension": found.extension,
            "label": self.label_of(part.get("label")), "primary": bool(part.get("primary")),
            "status": part.get("status") or "ok",
        }  # fmt: skip

    def identity(self, way: Way) -> Any:
        return (way["normalised"], way.get("extension", ""))

    shown: ClassVar[Mapping[str, str]] = {**Ways.shown, "extension": "extension"}

    def row_columns(self, way: Way) -> dict[str, Any]:
        return super().row_columns(way) | {"extension": way.get("extension", "")}

    def text_of(self, way: Way, context: Context) -> str:
        number = show_phone(way["normalised"], context.country)
        return f"{number} ext. {way['extension']}" if way.get("extension") else number

    def typed_one(self, way: Way) -> str:
        if not way.get("normalised", "").startswith("+"):
            return str(way["value"])
        number = show_phone(way["normalised"])
        return f"{number} ext. {way['extension']}" if way.get("extension") else number

    def sought(self, q: str) -> str:
        is_number = re.fullmatch(r"[\d\s+()/.-]+", q) and len(_digits(q)) > 2
        return _digits(q) if is_number else ""

    def argument(self, op: str, raw: Any, context: Context) -> Any:
        return _digits(raw) if op == "contains" else super().argument(op, raw, context)

    def parse_argument(self, raw: Any, context: Context) -> Any:
        try:
            return read_phone(str(raw), context.country).e164
        except Invalid:
            return _digits(raw)


def _digits(raw: Any) -> str:
    """What any spelling of a number has in common with the international one."""
    return re.sub(r"\D", "", str(raw)).lstrip("0")
