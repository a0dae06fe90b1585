"""What a web form asks: the fields it may have, its words, and what was answered."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from rapport.contacts.models import WebForm
from rapport.records import registry
from rapport.records.kinds import Choice, Context, Invalid, Kind

COMPANY = "company.name"
#: Without one of these nobody would know whom a lead is about.
WHO = ("person.emails", "person.name", "person.last_name")
INPUTS = {
    "text": "text", "name": "text", "long_text": "area", "url": "url", "emails": "email",
    "phones": "tel", "integer": "number", "decimal": "number", "date": "date",
    "boolean": "tick", "choice": "choice", "country": "text",
}  # fmt: skip
#: What says how far somebody is with us, or came from elsewhere: nobody says that of himself.
OURS = {"source", "channel", "status", "rating", "lifecycle", "external_id", "returns_on",
        "set_aside_for", "landing_page", "referrer", "description"}  # fmt: skip
LONGEST = 10_000
EMPTY: Mapping[str, str] = MappingProxyType({})
#: An input that people don't see; programs that fill in everything fill it in.
TRAP = "url_2"


@dataclass(frozen=True, slots=True)
class Asked:
    """One question of a form, ready to be drawn."""

    path: str
    kind: Kind
    label: str
    is_required: bool
    key: str
    typed: str = ""
    fault: str = ""

    @property
    def input(self) -> str:
        """How it is drawn."""
        return INPUTS[self.kind.type]

    @property
    def choices(self) -> list[tuple[str, str]]:
        """What may be chosen."""
        kind = self.kind
        return [(k, str(v)) for k, v in kind.options.items()] if isinstance(kind, Choice) else []


def possible_fields() -> dict[str, Kind]:
    """Every field that a form may ask for, by its path."""
    found: dict[str, Kind] = {}
    for name in ("person", "lead"):
        for field, kind in registry.get(name).fields.items():
            if _may_ask(field, kind):
                found[f"{name}.{field}"] = kind
    return {**found, COMPANY: registry.get("company").fields["name"]}


def _may_ask(field: str, kind: Kind) -> bool:
    ours = field in OURS or field.startswith("utm_")
    return kind.editable and kind.type in INPUTS and not ours


def label_of(path: str, kind: Kind) -> str:
    """What a field is called where nothing else is said."""
    return _("Company") if path == COMPANY else str(kind.label)


def said(texts: Mapping[str, str]) -> str:
    """The words in the reader's language, else in any."""
    mine = texts.get((translation.get_language() or "en")[:2])
    return mine or next(filter(None, texts.values()), "")


def words_of(form: WebForm, name: str) -> str:
    """One of the texts of a form."""
    return said({language: texts.get(name, "") for language, texts in form.texts.items()})


def questions(
    form: WebForm, typed: Mapping[str, str] = EMPTY, faults: Mapping[str, str] = EMPTY
) -> list[Asked]:
    """What the form asks; fields that are gone since are left out."""
    known = possible_fields()
    return [
        Asked(
            path=(path := row["field"]), kind=known[path],
            label=said(row["label"]) or label_of(path, known[path]),
            is_required=row["required"], key=row["key"] or path,
            typed=typed.get(path, ""), fault=faults.get(path, ""),
        )
        for row in form.fields
        if row["field"] in known
    ]  # fmt: skip


def plain_text(given: Any) -> str:
    """What was sent, without what turns or hides text; the rest is cut off."""
    text = str(given).replace("\r\n", "\n")[:LONGEST]
    hidden = ("Cc", "Cf", "Cs", "Zl", "Zp")
    return "".join(one for one in text if one == "\n" or unicodedata.category(one) not in hidden)


def read_answers(
    form: WebForm, answers: Mapping[str, str], context: Context
) -> tuple[dict[str, Any], dict[str, str]]:
    """Values by path, and a sentence for each answer that can't be taken."""
    values: dict[str, Any] = {}
    faults: dict[str, str] = {}
    for asked in questions(form):
        text = answers.get(asked.path, "").strip()
        if not text:
            if asked.is_required:
                faults[asked.path] = _("Fill in “%(field)s”.") % {"field": asked.label}
            continue
        try:
            values[asked.path] = asked.kind.parse(text, context)
        except Invalid as problem:
            faults[asked.path] = str(problem)
    if not faults and not any(values.get(path) for path in WHO):
        faults[""] = _("Say who you are: a name or an email address.")
    return values, faults
