"""Which text a record is found by, and the statement that makes documents of it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.contrib.postgres.search import SearchVectorField
from django.db.models import F, Func, OuterRef, Q, Subquery, TextField, Value
from django.db.models.expressions import Combinable

from rapport.records import registry
from rapport.records.compiled import AnyOf, Compiled, Given, compiled
from rapport.records.declare import Object
from rapport.records.kinds.text import LongText, Text
from rapport.records.models import Attachment, FileText
from rapport.records.reads.sensitive import sensitive_fields
from rapport.records.sql import joined_text

#: Another number has every document made anew.
FORMAT = 1
#: Kinds of text that people write; what they choose from a list is no text.
WRITTEN = frozenset({"text", "long_text", "url", "name", "email", "phone"})


@dataclass(frozen=True, slots=True)
class Sought:
    """The fields that records of an object are found by."""

    name: Text | None
    rest: tuple[Text, ...]
    #: Kinds with rows of their own that give words, such as e-mail addresses.
    beside: tuple[Any, ...]


def searched_objects() -> list[type[Object]]:
    """Objects whose records the search box finds: those with a name or with long texts."""
    return [one for one in registry.all_objects() if is_searched(one)]


def is_searched(declaration: type[Object]) -> bool:
    """Whether records of this object are found by their words."""
    found = sought(declaration)
    return found.name is not None or any(kind.search or kind.long for kind in found.rest)


def sought(declaration: type[Object]) -> Sought:
    """The fields that everyone who sees a record may read, and whose words it is found by."""
    hidden = sensitive_fields(declaration)
    texts = [
        kind
        for name, kind in declaration.fields.items()
        if isinstance(kind, Text) and _is_open(kind) and name not in hidden
    ]
    name = next((kind for kind in texts if kind.name == declaration.title and kind.search), None)
    beside = tuple(
        kind
        for name, kind in declaration.fields.items()
        if hasattr(kind, "words_beside") and kind.readers is None and name not in hidden
    )
    parts = getattr(name, "joined_from", ())
    rest = (kind for kind in texts if kind is not name and kind.name not in parts)
    return Sought(name, tuple(rest), beside)


def _is_open(kind: Text) -> bool:
    """Search asks nobody for his rights to a field: what not all may read is left out."""
    if kind.type not in WRITTEN or kind.readers is not None or not kind.stored:
        return False
    if kind.is_custom:
        return kind.search or kind.long
    return not kind.is_beside


def shape(declaration: type[Object]) -> str:
    """What the documents of an object are made by, in a few letters."""
    found = sought(declaration)
    paths = [kind.path for kind in (*filter(None, [found.name]), *found.rest)]
    parts = (FORMAT, bool(found.name), *paths, *(kind.name for kind in found.beside))
    return hashlib.sha256(repr(parts).encode()).hexdigest()


@lru_cache(maxsize=256)
def documents(_edition: int, name: str) -> Compiled:
    """Rows (id, object, words) of the records named by the place `ids`, but for the trash."""
    declaration = registry.get(name)
    rows = declaration.model._default_manager.filter(
        AnyOf(F("pk"), Given("ids")), deleted_at__isnull=True
    ).order_by()
    if declaration.may_be_private():
        # Its words would be told by other spellings that are tried, and by how frequent they are.
        rows = rows.filter(Q(private=""))
    object = Value(name, output_field=TextField())
    return compiled(rows.values_list("pk", object, words_of(declaration)))


def words_of(declaration: type[Object]) -> Func:
    """A record's words as its document holds them."""
    found = sought(declaration)
    name = F(found.name.path) if found.name else Value("", output_field=TextField())
    rest = Func(
        Value(" ", output_field=TextField()),
        *(_text(kind) for kind in found.rest),
        *(kind.words_beside() for kind in found.beside),
        *_files(),
        function="concat_ws",
        output_field=TextField(),
    )
    return Func(
        Value(declaration.name, output_field=TextField()),
        name,
        rest,
        function="rapport_document",
        output_field=SearchVectorField(),
    )


def _text(kind: Text) -> Combinable:
    column = F(kind.path)
    if isinstance(kind, LongText):
        return Func(column, function="rapport_plain", output_field=TextField())
    return column


def _files() -> Sequence[Subquery]:
    """The names of a record's files, and what stands in them."""
    files = Attachment.objects.filter(record_id=OuterRef("pk"))
    present = Attachment.objects.filter(record_id=OuterRef(OuterRef("pk")))
    texts = FileText.objects.filter(
        record_id=OuterRef("pk"), attachment_id__in=present.values("pk")
    )
    return joined_text(files, "record_id", "name"), joined_text(texts, "record_id", "text")
