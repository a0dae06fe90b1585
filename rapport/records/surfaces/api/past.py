"""A record as it was at a moment, as a document."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _

from rapport.accounts.request import Request
from rapport.records.changes.past import Past, State, record_at
from rapport.records.declare import Object
from rapport.records.kinds.base import Invalid
from rapport.records.reading.selection import read_columns
from rapport.records.reads.noting import note_told
from rapport.records.surfaces.api.documents import answer_json
from rapport.records.surfaces.api.problems import Problem, refuse_field
from rapport.records.surfaces.moments import read_moment
from rapport.records.surfaces.pages import page_context

#: What a row beside a record needs not tell.
HIDDEN = {"version", "created_at", "created_by_id", "updated_at", "updated_by_id", "deleted_at"}


def get_past(request: Request, declaration: type[Object], record_id: UUID) -> HttpResponse:
    """The record as it was at `at`, a day (its end, where the asker is) or a moment.

    Fields that the log doesn't keep, such as sums, are left out; `forgotten` names those whose
    values were blanked. 404 where the record did not exist yet.
    """
    context = page_context(request)
    try:
        at = read_moment(request.GET["at"], context)
    except Invalid as fault:
        raise refuse_field("at", str(fault)) from None
    past = record_at(request.principal, declaration, record_id, at)
    if past is None:
        raise Problem(404, _("It did not exist yet."))
    kept = tuple(name for name in declaration.fields if name in {*past.values, *past.rows})
    names = kept
    if "columns" in request.GET:
        names = read_columns(request.GET, declaration, frozenset(kept), kept)
    values = {name: _value(past, declaration, name) for name in names if name != "id"}
    told = {record_id: [name for name, value in values.items() if value]}
    note_told(declaration, told, context)
    return answer_json(
        {
            "id": str(record_id),
            "at": past.at,
            "in_trash": past.is_trashed,
            "forgotten": sorted(past.forgotten),
            **values,
        }
    )


def _value(past: Past, declaration: type[Object], name: str) -> Any:
    if name in past.rows:
        return [_plain(state) for state in past.rows[name]]
    return declaration.fields[name].json(past.values[name])


def _plain(state: State) -> State:
    return {column: value for column, value in state.items() if column not in HIDDEN}
