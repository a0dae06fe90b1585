"""The fields of an object that columns may go to: for the mapper, and to choose from."""

from __future__ import annotations

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from rapport.accounts.principals import Principal, Scope
from rapport.records import access
from rapport.records.declare import Object
from rapport.records.imports.mapping import Target
from rapport.records.imports.mapping.headings import key
from rapport.records.imports.running.plan import (
    GONE,
    RECORD_ID,
    described_object,
    label_of,
    row_part,
)
from rapport.records.kinds.base import Kind
from rapport.records.kinds.rows import Rows


def targets_of(principal: Principal, declaration: type[Object]) -> list[Target]:
    """Every field the principal may fill by a file, with its labels in all languages."""
    kinds = dict(_fillable(principal, declaration))
    labels: dict[str, dict[str, str]] = {name: {} for name in kinds}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            for name, kind in kinds.items():
                labels[name][language] = str(kind.label)
    return [
        Target(
            name, labels[name], kind.synonyms, kind.type,
            is_of_row=row_part(declaration, name) is not None,
        )
        for name, kind in kinds.items()
    ]  # fmt: skip


def own_names(declaration: type[Object]) -> frozenset[str]:
    """The keys of all that our own exports of the object call its columns, in any language."""
    found = {"id"}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            found |= {key(str(kind.label)) for kind in declaration.fields.values()}
    return frozenset(found | {key(name) for name in declaration.fields})


def choices_of(principal: Principal, declaration: type[Object]) -> list[tuple[str, str]]:
    """What a person may choose for a column, by its words in his language."""
    names = [name for name, _kind in _fillable(principal, declaration)]
    found = [(name, label_of(declaration, name)) for name in names]
    found.append((RECORD_ID, _("The record's own key")))
    found.append((GONE, _("Deleted there: the row stays out")))
    return sorted(found, key=lambda pair: pair[1].casefold())


def _fillable(principal: Principal, declaration: type[Object]) -> list[tuple[str, Kind]]:
    """The fields of the object, those of the records that its rows may describe, and what they may
    say of a row beside it."""
    editable = access.fields(principal, declaration.name).editable
    may_date = access.scope(principal, declaration, "import") == Scope.ALL
    found = [
        (name, kind)
        for name, kind in declaration.fields.items()
        if kind.takes_files and (name in editable or (kind.importable and may_date))
    ]
    for head, names in declaration.described.items():
        if head not in editable:
            continue
        target = described_object(declaration, head)
        theirs = access.fields(principal, target.name).editable
        found += [(f"{head}.{name}", target.fields[name]) for name in names if name in theirs]
    for head, kind in declaration.fields.items():
        if isinstance(kind, Rows) and head in editable:
            found += [(f"{head}.{name}", part) for name, part in kind.file_parts.items()]
    return found
