"""Kinds made of metadata rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rapport.records import registry
from rapport.records.metadata.kinds import KINDS, InCustom
from rapport.records.metadata.words import local
from rapport.records.models import CustomField

#: Kinds whose values may have to be unlike any other record's.
CAN_BE_UNIQUE = ("text", "integer", "decimal", "url", "email", "phone", "date")
#: Kinds of which a new record may begin with a value.
CAN_HAVE_DEFAULT = (
    "text", "integer", "decimal", "percent", "boolean", "rating", "date", "choice", "choices",
    "url", "email", "phone",
)  # fmt: skip
#: Kinds that the search box may look into.
SEARCHED = ("text", "url", "email", "phone")
CHOOSING = ("choice", "choices")


def build(row: CustomField) -> InCustom:
    """The kind of a row. Raises LookupError for a kind that this release does not know."""
    kind = KINDS[row.kind]
    is_restricted = bool(row.readers)
    is_ready = row.index == CustomField.Index.READY
    made = kind(
        local(row.label, row.name),
        *_choices(row),
        help=local(row.help),
        required=row.required,
        unique=row.unique,
        personal=row.personal,
        synonyms=[word for word in {row.name.replace("_", " "), *row.label.values()} if word],
        **_target(row),
    )
    made.field_id = row.pk
    made.index = is_ready
    # Search asks nobody for his rights to a field: what not all may read is not found by it.
    made.search = is_ready and row.search and not is_restricted and can_be_searched(row.kind)
    made.readers = frozenset(row.readers) if is_restricted else None
    made.editors = frozenset(row.editors) if row.editors else None
    made.visible_when, made.required_when = row.visible_when, row.required_when
    made.controlled_by = row.controlled_by
    made.choices_for = {one["key"]: frozenset(one["for"]) for one in row.options if one.get("for")}
    made.default = None if row.default is None else made.unpacked(row.default)
    return made


def can_be_searched(kind: str) -> bool:
    """Whether the search box may look into fields of this kind."""
    return kind in SEARCHED


def _choices(row: CustomField) -> Sequence[Any]:
    if row.kind not in CHOOSING:
        return ()
    return ([(one["key"], local(one["label"], one["key"])) for one in row.options],)


def _target(row: CustomField) -> dict[str, Any]:
    if row.kind in CHOOSING:
        return {"tones": {one["key"]: one.get("tone") or "plain" for one in row.options}}
    if row.kind != "relation":
        return {}
    return {"model": registry.get(row.to).model._meta.label, "to": row.to}
