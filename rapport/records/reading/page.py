"""One page of records with everything its cells need, in a fixed number of statements."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import F, QuerySet

from rapport.accounts.principals import Principal
from rapport.records import access, registry
from rapport.records.declare import Object
from rapport.records.kinds.base import Context
from rapport.records.reading.beside import read_beside
from rapport.records.reading.cursor import read_cursor, write_cursor
from rapport.records.reading.sorting import Sort
from rapport.records.sql import After


@dataclass(slots=True)
class Row:
    """One record as far as it was asked for."""

    id: UUID
    version: int
    values: dict[str, Any]
    key: Any = None


@dataclass(slots=True)
class Page:
    """Rows in order, with cursors to the pages beside this one."""

    rows: list[Row] = field(default_factory=list)
    next: str | None = None
    previous: str | None = None


def context_for(principal: Principal, *, currency: str = "EUR", country: str = "") -> Context:
    """The context in which this principal reads and types values."""
    return Context(
        principal,
        principal.locale or principal.language,
        ZoneInfo(principal.timezone),
        currency,
        country,
    )


def read_page(
    query: QuerySet[Any],
    declaration: type[Object],
    names: Sequence[str],
    sort: Sort,
    context: Context,
    *,
    after: str = "",
    before: str = "",
    limit: int = 50,
    titled: bool = True,
) -> Page:
    """Up to `limit` rows after (or before) a cursor: one statement for the rows, one for all
    titles (unless not `titled`), one for all that lies beside them. Raises BadCursor."""
    backwards = bool(before)
    descending = sort.descending != backwards
    query = query.annotate(_key=sort.key)
    if after or before:
        key, record_id = read_cursor(sort.text, before or after)
        query = query.filter(After([sort.key, F("id")], [key, record_id], descending))
    sign = "-" if descending else ""
    ordered = query.order_by(f"{sign}_key", f"{sign}id")[: limit + 1]
    rows = _rows([ordered], declaration, names, keyed=True)
    more = len(rows) > limit
    rows = rows[:limit]
    if backwards:
        rows.reverse()
    fill(rows, declaration, names, context, titled=titled)
    page = Page(rows)
    if rows and (more or backwards):
        page.next = write_cursor(sort.text, rows[-1].key, rows[-1].id)
    if rows and (after or (backwards and more)):
        page.previous = write_cursor(sort.text, rows[0].key, rows[0].id)
    return page


def read_record(
    principal: Principal,
    name: str,
    record_id: UUID,
    names: Iterable[str],
    context: Context,
    *,
    trashed: bool = False,
    titled: bool = True,
) -> Row | None:
    """One record, or None when it is not there for this principal."""
    query = access.rows(principal, name, trashed=trashed).filter(pk=record_id)
    found = read_values(query, registry.get(name), list(names), context, titled=titled)
    return found[0] if found else None


def read_values(
    query: QuerySet[Any],
    declaration: type[Object],
    names: Sequence[str],
    context: Context,
    *,
    titled: bool = True,
) -> list[Row]:
    """The rows of a query that is ordered and limited already, filled like a page's."""
    rows = _rows([query], declaration, names, keyed=False)
    fill(rows, declaration, names, context, titled=titled)
    return rows


def read_union(
    queries: Sequence[QuerySet[Any]],
    declaration: type[Object],
    names: Sequence[str],
    context: Context,
) -> list[Row]:
    """The rows of several limited queries (the lanes of a board), in one statement."""
    rows = _rows(queries, declaration, names, keyed=False)
    fill(rows, declaration, names, context)
    return rows


def _rows(
    queries: Sequence[QuerySet[Any]],
    declaration: type[Object],
    names: Sequence[str],
    *,
    keyed: bool,
) -> list[Row]:
    kinds = [declaration.fields[name] for name in names]
    stored = [kind for kind in kinds if kind.stored]
    paths = list(dict.fromkeys(path for kind in stored for path in kind.paths))
    place = {path: number for number, path in enumerate(paths)}
    plan = [(kind.name, kind, [place[path] for path in kind.paths]) for kind in stored]
    head = ["pk", "version", *(["_key"] if keyed else [])]
    width = len(head)
    made = []
    parts = [query.values_list(*head, *paths) for query in queries]
    joined = parts[0].union(*parts[1:], all=True).order_by() if len(parts) > 1 else parts[0]
    for columns in joined:
        values = columns[width:]
        loaded = {name: kind.load([values[n] for n in numbers]) for name, kind, numbers in plan}
        made.append(Row(columns[0], columns[1], loaded, columns[2] if keyed else None))
    return made


def fill(
    rows: Sequence[Row],
    declaration: type[Object],
    names: Sequence[str],
    context: Context,
    *,
    titled: bool = True,
) -> None:
    """Fetch what is not in the rows' own table, then the titles that cells show."""
    if not rows:
        return
    kinds = [declaration.fields[name] for name in names]
    ids = [row.id for row in rows]
    beside = read_beside(kinds, context.principal, ids)
    for row in rows:
        row.values |= beside[row.id]
    for kind in kinds:
        if hasattr(kind, "fetch") and not hasattr(kind, "gather"):
            found: Mapping[UUID, Any] = kind.fetch(context.principal, ids)
            for row in rows:
                row.values[kind.name] = found.get(row.id)
    if not titled:
        return
    wanted = {
        reference
        for kind in kinds
        for row in rows
        for reference in kind.references(row.values.get(kind.name))
    }
    context.titles = {
        **context.titles,
        **access.titles(context.principal, wanted, context.language),
    }
