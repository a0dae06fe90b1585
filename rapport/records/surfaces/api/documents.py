"""Records as answers of the API."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.http import HttpResponse, JsonResponse

from rapport.accounts.request import Request
from rapport.records import access
from rapport.records.declare import Object
from rapport.records.kinds import Computed, Kind, Links
from rapport.records.reading import read_record
from rapport.records.reading.documents import Encoder, document
from rapport.records.surfaces.pages import page_context


def default_columns(request: Request, declaration: type[Object]) -> tuple[str, ...]:
    """Fields that a document has unless others are asked for.

    What is kept outside the record's row costs a statement a field. Of that, links come (one
    statement for all) and what the quick form asks for; the rest when it is named in `columns`.
    """
    readable = access.fields(request.principal, declaration.name).readable
    return tuple(
        name
        for name, kind in declaration.fields.items()
        if name in readable and _is_usual(kind, declaration)
    )


def _is_usual(kind: Kind, declaration: type[Object]) -> bool:
    if isinstance(kind, Computed):
        return False
    return kind.stored or isinstance(kind, Links) or kind.name in declaration.quick


def answer_json(data: Any, status: int = 200, **headers: str) -> JsonResponse:
    """A JSON answer; header names are given with underscores."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return JsonResponse(data, Encoder, status=status, headers=named)


def answer_unseen(
    declaration: type[Object], record_id: UUID, status: int, **headers: str
) -> HttpResponse:
    """What is told of a record that its writer can't see: its id and its version."""
    versions = declaration.model._default_manager.values_list("version", flat=True)
    told = {"id": str(record_id), "version": versions.get(pk=record_id)}
    return answer_json(told, status, **headers)


def answer_record(
    request: Request,
    declaration: type[Object],
    record_id: UUID,
    names: Sequence[str] = (),
    status: int = 200,
    **headers: str,
) -> HttpResponse | None:
    """The record as it now stands with its version as ETag; None if the asker can't see it."""
    names = names or default_columns(request, declaration)
    fields = [name for name in names if name != "id"]
    row = read_record(
        request.principal, declaration.name, record_id, fields, page_context(request), titled=False
    )
    if row is None:
        return None
    shown = document(row, declaration, names, has_reasons=True)
    return answer_json(shown, status, ETag=f'"{row.version}"', **headers)
