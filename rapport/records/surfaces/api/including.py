"""Records that others of a page point at, given along with it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.http import QueryDict
from django.utils.translation import gettext as _

from rapport.accounts.request import Request
from rapport.records import access, registry
from rapport.records.declare import Object
from rapport.records.kinds.base import Context, Kind
from rapport.records.reading import Row, parse_sort, read_page
from rapport.records.reading.documents import document
from rapport.records.surfaces.api.documents import default_columns
from rapport.records.surfaces.api.problems import refuse_field

MOST = 1_000
USER = "user"

type Included = dict[str, dict[str, Any]]


def read_include(query: QueryDict, declaration: type[Object], columns: Sequence[str]) -> list[str]:
    """The fields whose records are wanted along, all of them among the columns. Raises Problem."""
    names = [name for name in dict.fromkeys(query.get("include", "").split(",")) if name]
    for name in names:
        kind = declaration.fields.get(name)
        if kind is None or name not in columns or not _points(kind):
            raise refuse_field(
                "include",
                _("“%(field)s” is no column here that points at other records.")
                % {"field": name[:60]},
            )
    return names


def included(
    request: Request,
    declaration: type[Object],
    names: Sequence[str],
    rows: Sequence[Row],
    context: Context,
) -> Included:
    """The records by object and id, as far as the asker sees them (a few statements an object).

    Raises Problem where they are too many for one answer.
    """
    wanted: dict[str, set[UUID]] = defaultdict(set)
    for name in names:
        kind = declaration.fields[name]
        for row in rows:
            for other, key in kind.references(row.values.get(name)):
                wanted[other].add(key)
    if any(len(keys) > MOST for keys in wanted.values()):
        sentence = _("These are over %(most)d records. Ask for fewer at once.") % {"most": MOST}
        raise refuse_field("include", sentence)
    users = wanted.pop(USER, set())
    found = {other: _records(request, other, keys, context) for other, keys in wanted.items()}
    return found | ({USER: _users(users, context)} if users else {})


def _points(kind: Kind) -> bool:
    return type(kind).references is not Kind.references


def _records(request: Request, name: str, keys: set[UUID], context: Context) -> dict[str, Any]:
    if not registry.is_declared(name) or not access.may(request.principal, "view", name):
        return {}
    declaration = registry.get(name)
    fields = default_columns(request, declaration)
    rows = access.rows(request.principal, name).filter(pk__in=keys)
    sort = parse_sort("", declaration, access.fields(request.principal, name).readable)
    page = read_page(rows, declaration, fields, sort, context, limit=MOST, titled=False)
    return {str(row.id): document(row, declaration, fields) for row in page.rows}


def _users(keys: set[UUID], context: Context) -> dict[str, Any]:
    asked = {(USER, key) for key in keys}
    found = access.titles(context.principal, asked, context.language)
    return {str(key): {"id": str(key), "name": title.text} for key, title in found.items()}
