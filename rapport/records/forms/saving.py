"""Storing what a form brought, and saying what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from rapport.records import access
from rapport.records.declare import Object
from rapport.records.forms.draft import Draft
from rapport.records.kinds.base import Context
from rapport.records.metadata.rules import asked_of
from rapport.records.store import Rejected, change


def create_record(draft: Draft, values: Mapping[str, Any]) -> tuple[UUID, UUID] | None:
    """The new record's key and its change set; None when the store refused, with the reasons
    in the draft."""
    declaration, principal = draft.declaration, draft.context.principal
    title = _("New %(object)s") % {"object": str(declaration.label).lower()}
    try:
        with change(principal, via="web", title=title) as made:
            key = made.create(declaration.name, _asked_for(draft, _filled(draft, values)))
    except Rejected as refused:
        draft.errors |= refused.fields
        return None
    return key, made.id


def _filled(draft: Draft, values: Mapping[str, Any]) -> dict[str, Any]:
    """What was filled in, and what was emptied; an input left alone says nothing.

    A full name sets the same columns as the first name: its empty input must not undo that.
    """
    kinds = draft.kinds
    return {
        name: value
        for name, value in values.items()
        if not kinds[name].blank(value) or kinds[name].default is not None or name == "owner"
    }


def _asked_for(draft: Draft, values: Mapping[str, Any]) -> dict[str, Any]:
    """The values without those of fields that the form hid for what else was filled in."""
    known = {**draft.values, **values}
    hidden = asked_of(draft.declaration, known, draft.context.language).hidden
    return {name: value for name, value in values.items() if name not in hidden}


def update_record(
    draft: Draft, record_id: UUID, values: Mapping[str, Any], title: str
) -> UUID | None:
    """The change set, or None when the store refused, with the reasons in the draft.

    Raises Conflict, Missing, Denied.
    """
    declaration, context = draft.declaration, draft.context
    merged = {
        name: declaration.fields[name].merge(draft.values.get(name), value, context)
        for name, value in values.items()
    }
    try:
        with change(context.principal, via="web", title=title) as made:
            made.update(
                declaration.name, record_id, _asked_for(draft, merged), version=draft.version
            )
    except Rejected as refused:
        draft.errors |= refused.fields
        return None
    return made.id


def name_of(declaration: type[Object], record_id: UUID, context: Context) -> str:
    """What a record is called."""
    found = access.titles(context.principal, [(declaration.name, record_id)], context.language)
    return found[record_id].text if record_id in found else str(declaration.label)
