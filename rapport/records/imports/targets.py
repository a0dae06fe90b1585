"""The fields of an object that columns may go to, for the mapper."""

from __future__ import annotations

from django.conf import settings
from django.utils import translation

from rapport.accounts.principals import Principal
from rapport.records import access
from rapport.records.declare import Object
from rapport.records.imports.mapping import Target


def targets_of(principal: Principal, declaration: type[Object]) -> list[Target]:
    """Every field the principal may fill by a file, with its labels in all languages."""
    editable = access.fields(principal, declaration.name).editable
    kinds = [kind for name, kind in declaration.fields.items() if name in editable]
    labels: dict[str, dict[str, str]] = {kind.name: {} for kind in kinds}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            for kind in kinds:
                labels[kind.name][language] = str(kind.label)
    return [Target(kind.name, labels[kind.name], kind.synonyms, kind.type) for kind in kinds]
