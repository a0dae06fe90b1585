"""A form of one record under way: which fields, what they hold, what is wrong with them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.http import QueryDict

from rapport.accounts.principals import Principal
from rapport.records import access
from rapport.records.declare import Object
from rapport.records.forms.fields import BoundField, bind_fields, raw_fields
from rapport.records.forms.posted import Posted, read_posted, write_seen
from rapport.records.kinds.base import Context, Kind
from rapport.records.layouts.kept import layout_for
from rapport.records.layouts.parts import parts_of, with_all
from rapport.records.metadata.rules import ruled


@dataclass(frozen=True, slots=True)
class FilledPart:
    """A titled group of fields ready for a template."""

    label: str
    fields: Sequence[BoundField]
    columns: int


@dataclass(slots=True)
class Draft:
    """What a form shows: values first, and after a refusal what was typed."""

    declaration: type[Object]
    context: Context
    kinds: Mapping[str, Kind]
    values: Mapping[str, Any]
    prefix: str = "f"
    raws: Mapping[str, Any] | None = None
    errors: dict[str, str] = field(default_factory=dict)
    version: int | None = None
    seen: str = ""
    record_id: UUID | None = None

    @property
    def fields(self) -> dict[str, BoundField]:
        """Every field, as it is or as it was typed."""
        if self.raws is None:
            return bind_fields(self.kinds, self.context, self.values, prefix=self.prefix)
        return raw_fields(
            self.kinds, self.context, self.raws, prefix=self.prefix, errors=self.errors
        )

    @property
    def parts(self) -> Sequence[FilledPart]:
        """The fields in the sections of the layout; of the standard one, first that with the
        record's name."""
        fields, principal = self.fields, self.context.principal
        parts = with_all(
            parts_of(principal, self.declaration, self.kinds, "form"), self.declaration, self.kinds
        )
        if layout_for(principal, self.declaration).is_standard:
            parts = sorted(parts, key=lambda part: self.declaration.title not in part.names)
        return [
            FilledPart(part.label, [fields[name] for name in part.names], part.columns)
            for part in parts
        ]

    @property
    def faults(self) -> Sequence[tuple[str, str, str]]:
        """(id of the input, label, sentence) of each field that was refused."""
        return [
            (f"{self.prefix}-{name}", str(self.kinds[name].label), sentence)
            for name, sentence in self.errors.items()
            if name in self.kinds
        ]

    @property
    def general_faults(self) -> Sequence[str]:
        """Sentences that belong to no field of the form."""
        return [text for name, text in self.errors.items() if name not in self.kinds]

    @property
    def asks_url(self) -> str:
        """Where the form asks which fields matter; empty where all always do."""
        if not ruled(self.declaration):
            return ""
        record = f"?record={self.record_id}" if self.record_id else ""
        return f"{self.declaration.url()}asked/{record}"

    @property
    def shown(self) -> str:
        """The names of the fields, so that one the page did not have is not taken for emptied."""
        return ",".join(self.kinds)

    def read(self, data: QueryDict) -> Posted:
        """Take in what was posted; `raws` and `errors` are filled for showing it again."""
        self.seen = data.get("_seen", "")
        posted = read_posted(data, self.kinds, self.context, seen=self.seen)
        self.raws, self.errors = posted.raws, dict(posted.errors)
        return posted


def editable_kinds(
    context: Context, declaration: type[Object], names: Iterable[str]
) -> dict[str, Kind]:
    """The named fields that this person may set, in that order."""
    allowed = access.fields(context.principal, declaration.name).editable
    return {name: declaration.fields[name] for name in names if name in allowed}


def form_names(principal: Principal, declaration: type[Object]) -> list[str]:
    """All fields that a form asks this person for, if he may set them, in their order."""
    parts = parts_of(principal, declaration, declaration.fields, "form")
    return [name for part in parts for name in part.names]


def posted_names(data: QueryDict, names: Iterable[str]) -> list[str]:
    """Those of `names` that the form had on it; a layout may have changed since it was shown."""
    if "_shown" in data:
        allowed = set(names)
        return [name for name in data.get("_shown", "").split(",") if name in allowed]
    return [name for name in names if name in data or f"{name}.id" in data]


def blank_draft(
    filled_in: QueryDict,
    declaration: type[Object],
    context: Context,
    names: Iterable[str],
    *,
    prefix: str = "f",
) -> Draft:
    """An empty form with the declared defaults, and what the address has filled in."""
    kinds = editable_kinds(context, declaration, names)
    values = {name: kind.initial() for name, kind in kinds.items()}
    if "owner" in kinds:
        values["owner"] = context.principal.user_id
    given = editable_kinds(context, declaration, filled_in.keys() & declaration.fields.keys())
    values |= read_posted(filled_in, given, context).values
    kinds |= {name: kind for name, kind in given.items() if name not in kinds}
    learn(kinds, values, context)
    return Draft(declaration, context, kinds, values, prefix)


def learn(kinds: Mapping[str, Kind], values: Mapping[str, Any], context: Context) -> None:
    """Fetch the titles of records that the values point at."""
    wanted = {pair for name, kind in kinds.items() for pair in kind.references(values.get(name))}
    unknown = {pair for pair in wanted if pair[1] not in context.titles}
    found = access.titles(context.principal, unknown, context.language)
    context.titles = {**context.titles, **found}


def seen_of(draft: Draft) -> str:
    """The digest of what the form shows at first."""
    return draft.seen or write_seen(draft.kinds, draft.values, draft.context)
