"""One record: get, patch, delete, restore."""

from __future__ import annotations

import re
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _

from rapport.accounts.principals import Principal
from rapport.accounts.request import Request
from rapport.records import access
from rapport.records.declare import Object
from rapport.records.duplicates.merging import survivor_of
from rapport.records.reading.selection import read_columns
from rapport.records.store import Missing, change
from rapport.records.surfaces.api.bodies import read_object
from rapport.records.surfaces.api.collection import check_parameters
from rapport.records.surfaces.api.documents import answer_record, default_columns
from rapport.records.surfaces.api.past import get_past
from rapport.records.surfaces.api.problems import Problem
from rapport.records.surfaces.api.values import read_values
from rapport.records.surfaces.pages import page_context

ETAG = re.compile(r'"(\d{1,9})"')


def get_record(request: Request, declaration: type[Object], record_id: UUID) -> HttpResponse:
    """The record, with its version as ETag; with `at`, the record as it was then."""
    access.check(request.principal, "view", declaration.name)
    check_parameters(request.GET, frozenset({"columns", "at"}))
    if "at" in request.GET:
        return get_past(request, declaration, record_id)
    readable = access.fields(request.principal, declaration.name).readable
    usual = default_columns(request, declaration)
    names = read_columns(request.GET, declaration, readable, usual)
    answer = answer_record(request, declaration, record_id, names)
    return answer or _found(to_survivor(request, declaration, record_id))


def to_survivor(
    request: Request, declaration: type[Object], record_id: UUID
) -> HttpResponse | None:
    """The way on from a record that was merged into another; None for any other."""
    mine = access.rows(request.principal, declaration.name, trashed=True).filter(pk=record_id)
    kept = survivor_of(record_id) if mine.exists() else None
    if kept is None:
        return None
    place = f"/api/v1/{declaration.plural}/{kept}"
    return HttpResponse(status=307, headers={"Location": place})


def patch_record(request: Request, declaration: type[Object], record_id: UUID) -> HttpResponse:
    """Change the fields that the body names; the others stay.

    With If-Match a change that somebody made meanwhile to the same fields is a conflict; one to
    other fields is no hindrance.
    """
    access.check(request.principal, "edit", declaration.name)
    version = read_version(request)
    body = read_object(request)
    values = read_values(body, declaration, page_context(request))
    with change(request.principal, via="api") as made:
        made.update(declaration.name, record_id, values, version=version)
    return answer_record(request, declaration, record_id) or HttpResponse(status=204)


def delete_record(request: Request, declaration: type[Object], record_id: UUID) -> HttpResponse:
    """Move the record to the trash."""
    access.check(request.principal, "delete", declaration.name)
    _refuse_condition(request)
    with change(request.principal, via="api") as made:
        if not made.trash(declaration.name, [record_id]):
            raise _out_of_reach(request, declaration, record_id)
    return HttpResponse(status=204)


def restore_record(request: Request, declaration: type[Object], record_id: UUID) -> HttpResponse:
    """Bring the record back from the trash."""
    access.check(request.principal, "delete", declaration.name)
    with change(request.principal, via="api") as made:
        if not made.restore(declaration.name, [record_id]):
            raise Missing
    return answer_record(request, declaration, record_id) or HttpResponse(status=204)


def _found(shown: HttpResponse | None) -> HttpResponse:
    if shown is None:
        raise Missing
    return shown


def read_version(request: Request) -> int | None:
    """The version of If-Match, None for any. Raises Problem."""
    wanted = request.headers.get("If-Match", "*").strip()
    if wanted == "*":
        return None
    found = ETAG.fullmatch(wanted)
    if found is None:
        raise Problem(400, _("If-Match takes the ETag that the record came with."))
    return int(found[1])


def _refuse_condition(request: Request) -> None:
    """A condition that would go unheeded is worse than none."""
    if request.headers.get("If-Match", "*").strip() != "*":
        raise Problem(400, _("Deleting takes no If-Match; it can be taken back with restore."))


def _out_of_reach(request: Request, declaration: type[Object], record_id: UUID) -> Exception:
    """403 for a record he sees but may not delete, 404 for everything else."""
    seen = access.rows(request.principal, declaration.name).filter(pk=record_id).exists()
    if seen:
        return access.Denied(_("This record is not yours to delete."))
    return Missing()


def check_seen(principal: Principal, declaration: type[Object], record_id: UUID) -> None:
    """Raises Missing for a record that is not seen."""
    if not access.reachable(principal, declaration.name, [record_id], "view"):
        raise Missing
