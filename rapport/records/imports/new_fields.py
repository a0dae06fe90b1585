"""Columns that no field fits, made into fields of their own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rapport.accounts.actions import Actor
from rapport.accounts.principals import Principal
from rapport.records import registry
from rapport.records.declare import Object
from rapport.records.imports.mapping import sample_columns
from rapport.records.imports.mapping.dates import detect_order, looks_like_date
from rapport.records.imports.mapping.numbers import detect_decimal, looks_like_number
from rapport.records.imports.mapping.values import examine
from rapport.records.imports.running.plan import NEW_FIELD
from rapport.records.imports.stored import open_stored
from rapport.records.kinds.base import PERSONAL
from rapport.records.metadata.actions import add_field
from rapport.records.metadata.checking import can_have_fields
from rapport.records.models import ImportRun

WORDS = {"true", "false", "yes", "no", "sí", "si", "ja", "nein", "oui", "non"}
LONG = 120
SURE = 0.9
GUESSED = ("boolean", "integer", "decimal", "date", "email", "url", "long_text", "text")


def may_make_fields(principal: Principal, declaration: type[Object]) -> bool:
    """Whether the principal may give the object fields, and it takes any."""
    return principal.administers and can_have_fields(declaration)


def guess_kind(values: Sequence[str]) -> str:
    """The kind of field that values of a column fit; text where nothing else fits them all."""
    texts = [text.strip() for text in values if text.strip()]
    if not texts:
        return "text"
    if all(text.casefold() in WORDS for text in texts):
        return "boolean"
    if all(_is_whole(text) for text in texts):
        return "integer"
    if all(looks_like_number(text) and not _is_code(text) for text in texts):
        return "decimal"
    if all(looks_like_date(text) and ":" not in text for text in texts):
        return "date"
    evidence = examine(texts)
    for kind, share in (("email", evidence.share("email")), ("url", evidence.share("web"))):
        if share >= SURE:
            return kind
    return "long_text" if any("\n" in text or len(text) > LONG for text in texts) else "text"


def make_fields(run: ImportRun, by: Actor) -> None:
    """Give the run's object the fields it asks for, and its columns go there.

    Raises PermissionDenied, store.Rejected.
    """
    if not run.new_fields:
        return
    declaration = registry.get(run.object)
    with open_stored(run) as table:
        samples = sample_columns(table)
    run.mapping = [
        _made(declaration, one, samples[one["place"]], by)
        if one["field"].startswith(NEW_FIELD)
        else one
        for one in run.mapping
    ]
    run.save(update_fields=["mapping"])


def _made(
    declaration: type[Object], column: dict[str, Any], values: Sequence[str], by: Actor
) -> dict[str, Any]:
    """The column with its new field, and with the hints that its values give."""
    kind = column["field"].removeprefix(NEW_FIELD)
    if kind not in GUESSED:
        kind = guess_kind(values)
    label = column["column"].strip() or "?"
    # Nobody has said what is in it: it is treated as if it told of people.
    facts = {"kind": kind, "label": {"en": label, "es": label}, "personal": PERSONAL}
    row = add_field(declaration, facts, by)
    return column | {
        "field": row.name,
        "date_order": detect_order(values) if kind == "date" else "",
        "decimal": detect_decimal(values) if kind in ("integer", "decimal") else "",
    }


def _is_whole(text: str) -> bool:
    return text.removeprefix("-").isdecimal() and len(text) <= 15 and not _is_code(text)


def _is_code(text: str) -> bool:
    """A number that begins with a nought is somebody's number, not an amount."""
    return len(text) > 1 and text[0] == "0" and text[1].isdecimal()
