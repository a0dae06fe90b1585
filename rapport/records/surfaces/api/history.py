"""What happened to one record, newest first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _

from rapport.accounts.request import Request
from rapport.records import access
from rapport.records.changes.history import Entry, FieldChange, history_of
from rapport.records.declare import Object
from rapport.records.kinds import Title
from rapport.records.reads.noting import note_told
from rapport.records.store import Missing
from rapport.records.surfaces.api.collection import check_parameters, read_limit
from rapport.records.surfaces.api.documents import answer_json
from rapport.records.surfaces.api.problems import refuse_field
from rapport.records.surfaces.pages import page_context


def list_history(request: Request, declaration: type[Object], record_id: UUID) -> HttpResponse:
    """Changes of the record and of the rows that belong to it."""
    access.check(request.principal, "view", declaration.name)
    check_parameters(request.GET, frozenset({"limit", "after"}))
    limit, before = read_limit(request.GET), _before(request.GET.get("after", ""))
    if not access.rows(request.principal, declaration.name).filter(pk=record_id).exists():
        raise Missing
    found = history_of(
        request.principal, declaration.name, record_id, before=before, most=limit + 1
    )
    shown = found[:limit]
    told = {record_id: {one.field for entry in shown for one in entry.fields}}
    note_told(declaration, told, page_context(request))
    people = access.titles(
        request.principal,
        {("user", entry.user_id) for entry in shown if entry.user_id},
        request.principal.language,
    )
    more = str(shown[-1].change_id) if len(found) > limit else None
    return answer_json({"data": [_document(entry, people) for entry in shown], "next": more})


def _before(text: str) -> int | None:
    if text and not (text.isascii() and text.isdecimal() and len(text) < 19):
        raise refuse_field("after", _("This place in the history is not known."))
    return int(text) if text else None


def _document(entry: Entry, people: Mapping[UUID, Title]) -> dict[str, Any]:
    who = people.get(entry.user_id) if entry.user_id else None
    return {
        "id": str(entry.change_id),
        "change_set": entry.change_set,
        "at": entry.at,
        "by": {"id": entry.user_id, "name": who.text} if who else None,
        "via": entry.via,
        "title": entry.title,
        "kind": entry.kind,
        "object": entry.object,
        "undo_of": entry.undo_of,
        "part_undo_of": entry.part_undo_of,
        "fields": [change_document(one) for one in entry.fields],
    }


def change_document(one: FieldChange) -> dict[str, Any]:
    """One field as it was and as it became."""
    told = {"field": one.field, "old": one.old, "new": one.new}
    return {**told, "forgotten": True} if one.is_forgotten else told
