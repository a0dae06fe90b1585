"""Many records of an object: list and create."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse, QueryDict
from django.utils.translation import gettext as _

from rapport.accounts.request import Request
from rapport.records import access
from rapport.records.declare import Object
from rapport.records.duplicates.look_ups import Similar, find_similar
from rapport.records.reading import count, read_page
from rapport.records.reading.documents import document
from rapport.records.reading.selection import read_selection
from rapport.records.registry import RESERVED
from rapport.records.store import change
from rapport.records.surfaces.api.bodies import read_object
from rapport.records.surfaces.api.documents import (
    answer_json,
    answer_record,
    answer_unseen,
    default_columns,
)
from rapport.records.surfaces.api.including import included, read_include
from rapport.records.surfaces.api.problems import refuse_field
from rapport.records.surfaces.api.values import read_values
from rapport.records.surfaces.pages import page_context
from rapport.records.views.asking import with_view

MOST = 200
USUAL = 50
PARAMETERS = frozenset(
    {"q", "filter", "where", "sort", "columns", "limit", "after", "count", "view", "include"}
)


def list_records(request: Request, declaration: type[Object]) -> HttpResponse:
    """A page of the records that the address asks for, and how many there are."""
    access.check(request.principal, "view", declaration.name)
    check_parameters(request.GET, PARAMETERS)
    limit = read_limit(request.GET)
    context = page_context(request)
    columns = default_columns(request, declaration)
    query = with_view(request.GET, declaration, context)
    selection = read_selection(query, declaration, context, columns)
    rows = selection.source()
    total = count(rows, exact=_is_exact(request.GET))
    sort = selection.check_order(total)
    names = [name for name in selection.columns if name != "id"]
    along = read_include(request, request.GET, declaration, names)
    page = read_page(
        rows,
        declaration,
        names,
        sort,
        context,
        after=request.GET.get("after", ""),
        limit=limit,
        titled=False,
    )
    told: dict[str, Any] = {
        "data": [document(row, declaration, names, has_reasons=True) for row in page.rows],
        "next": page.next,
        "total": {"value": total.value, "exact": total.exact},
    }
    if along:
        told["included"] = included(request, declaration, along, page.rows, context)
    return answer_json(told)


def create_record(request: Request, declaration: type[Object]) -> HttpResponse:
    """Add a record and answer with it and its address."""
    access.check(request.principal, "create", declaration.name)
    body = read_object(request)
    values = read_values(body, declaration, page_context(request))
    similar = find_similar(request.principal, declaration, values)
    with change(request.principal, via="api") as made:
        record_id = made.create(declaration.name, values)
    place = f"/api/v1/{declaration.plural}/{record_id}"
    headers = {"Location": place} | similar_header(declaration, similar)
    shown = answer_record(request, declaration, record_id, status=201, **headers)
    return shown or answer_unseen(declaration, record_id, 201, **headers)


def similar_header(declaration: type[Object], similar: Sequence[Similar]) -> dict[str, str]:
    """Records that the new one may double, as links; `title` has the fields that are the same."""
    links = [
        f'</api/v1/{declaration.plural}/{one.id}>; rel="similar"; title="{" ".join(one.fields)}"'
        for one in similar
    ]
    return {"Link": ", ".join(links)} if links else {}


def check_parameters(query: QueryDict, known: frozenset[str]) -> None:
    """Raises Problem for a reserved word that this address has no use for."""
    for name in query:
        if name.startswith("_") or (name in RESERVED and name not in known and name != "id"):
            raise refuse_field(name[:60], _("This address takes no such parameter."))


def read_limit(query: QueryDict) -> int:
    """How many to give at once. Raises Problem."""
    text = query.get("limit", str(USUAL))
    if not (text.isascii() and text.isdecimal() and len(text) < 4 and 1 <= int(text) <= MOST):
        raise refuse_field("limit", _("limit is a number from 1 to %(most)d.") % {"most": MOST})
    return int(text)


def _is_exact(query: QueryDict) -> bool:
    asked = query.get("count", "")
    if asked not in ("", "exact"):
        raise refuse_field("count", _("count can only be “exact”."))
    return asked == "exact"
