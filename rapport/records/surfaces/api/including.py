"""Records that others of a page point at, given along with it, and those that they point at."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.http import QueryDict
from django.utils.translation import gettext as _

from rapport.accounts.request import Request
from rapport.records import access, registry
from rapport.records.declare import Object
from rapport.records.kinds import Relation
from rapport.records.kinds.base import Context, Kind
from rapport.records.reading import Row, parse_sort, read_page
from rapport.records.reading.documents import document
from rapport.records.surfaces.api.documents import default_columns
from rapport.records.surfaces.api.problems import Problem, refuse_field

MOST = 1_000
MOST_HOPS = 3
USER = "user"

#: Fields that are followed, each with those of the records it points at.
type Ways = Mapping[str, Ways]
type Included = dict[str, dict[str, Any]]
type Level = list[tuple[type[Object], Ways, Sequence[Row]]]


def read_include(
    request: Request, query: QueryDict, declaration: type[Object], columns: Sequence[str]
) -> Ways:
    """The ways that are wanted along, such as `company.owner`; the first field of each is among
    the columns. Raises Problem."""
    ways: dict[str, Any] = {}
    for path in dict.fromkeys(query.get("include", "").split(",")):
        hops = path.split(".") if path else []
        if len(hops) > MOST_HOPS:
            sentence = _(
                "“%(field)s” goes too far: %(most)d fields, one after the other, are most."
            )
            raise refuse_field("include", sentence % {"field": path[:60], "most": MOST_HOPS})
        _check_way(request, declaration, columns, hops)
        place = ways
        for hop in hops:
            place = place.setdefault(hop, {})
    return ways


def included(
    request: Request,
    declaration: type[Object],
    ways: Ways,
    rows: Sequence[Row],
    context: Context,
) -> Included:
    """The records by object and id, as far as the asker sees them.

    It takes a few statements for each object at each hop, however many the records are. Raises
    Problem where they are too many for one answer.
    """
    found: Included = defaultdict(dict)
    users: set[UUID] = set()
    level: Level = [(declaration, ways, rows)]
    while level:
        wanted, further = _wanted(level)
        users |= wanted.pop(USER, set())
        if any(len(keys) > MOST for keys in (*wanted.values(), users)):
            sentence = _("These are over %(most)d records. Ask for fewer at once.") % {"most": MOST}
            raise refuse_field("include", sentence)
        level = []
        for name, keys in wanted.items():
            seen = _read(request, name, keys, further[name], context)
            # Empty too: that nothing of it is seen is an answer.
            found[name].update(seen[0])
            level += seen[1]
    return dict(found) | ({USER: _users(users, context)} if users else {})


def _check_way(
    request: Request, declaration: type[Object], columns: Sequence[str], hops: Sequence[str]
) -> None:
    names: Sequence[str] | frozenset[str] = columns
    for number, hop in enumerate(hops, 1):
        kind = declaration.fields.get(hop)
        if kind is None or hop not in names or not _points(kind):
            raise _refuse_hop(hop)
        if number == len(hops):
            return
        # What points at several kinds of record has no fields in common to go on by.
        if not isinstance(kind, Relation) or not registry.is_declared(kind.to):
            raise _refuse_hop(hops[number])
        declaration = registry.get(kind.to)
        names = access.fields(request.principal, kind.to).readable


def _refuse_hop(hop: str) -> Problem:
    return refuse_field(
        "include",
        _("“%(field)s” is no column here that points at other records.") % {"field": hop[:60]},
    )


def _wanted(level: Level) -> tuple[dict[str, set[UUID]], dict[str, dict[str, Any]]]:
    """The keys that the fields of a level point at, by object, and the ways on from there."""
    wanted: dict[str, set[UUID]] = {}
    further: dict[str, dict[str, Any]] = defaultdict(dict)
    for declaration, ways, rows in level:
        for name, onward in ways.items():
            kind = declaration.fields[name]
            for row in rows:
                for other, key in kind.references(row.values.get(name)):
                    wanted.setdefault(other, set()).add(key)
                    _merge(further[other], onward)
    return wanted, further


def _merge(ways: dict[str, Any], more: Ways) -> None:
    for name, onward in more.items():
        _merge(ways.setdefault(name, {}), onward)


def _points(kind: Kind) -> bool:
    return type(kind).references is not Kind.references


def _read(
    request: Request, name: str, keys: set[UUID], ways: Ways, context: Context
) -> tuple[dict[str, Any], Level]:
    """The documents of these records by id, and where the ways go on."""
    if not registry.is_declared(name) or not access.may(request.principal, "view", name):
        return {}, []
    declaration = registry.get(name)
    fields = tuple(dict.fromkeys([*default_columns(request, declaration), *ways]))
    rows = access.rows(request.principal, name).filter(pk__in=keys)
    sort = parse_sort("", declaration, access.fields(request.principal, name).readable)
    page = read_page(rows, declaration, fields, sort, context, limit=MOST, titled=False)
    documents = {str(row.id): document(row, declaration, fields) for row in page.rows}
    return documents, [(declaration, ways, page.rows)] if ways else []


def _users(keys: set[UUID], context: Context) -> dict[str, Any]:
    asked = {(USER, key) for key in keys}
    found = access.titles(context.principal, asked, context.language)
    return {str(key): {"id": str(key), "name": title.text} for key, title in found.items()}
