"""One page of records with everything its cells need, in a fixed number of statements."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from rapport.accounts.models import Workspace
from rapport.accounts.principals import Principal
from rapport.records import access, registry
from rapport.records.compiled import Compiled, ask_together, compiled, union
from rapport.records.declare import Object
from rapport.records.kinds.base import Context, Kind
from rapport.records.reading.beside import asks_of, read_beside, values_beside
from rapport.records.reading.cursor import write_cursor
from rapport.records.reading.rows import Plan, Row
from rapport.records.reading.single import columns_from, load_values, paths_of, row_ask
from rapport.records.reading.sorting import Sort
from rapport.records.reading.source import Rows, source_of
from rapport.records.reading.turning import Turn
from rapport.records.reads.noting import note_shown


@dataclass(slots=True)
class Page:
    """Rows in order, with cursors to the pages beside this one."""

    rows: list[Row] = field(default_factory=list)
    next: str | None = None
    previous: str | None = None


def context_for(
    principal: Principal,
    workspace: Workspace | None = None,
    *,
    currency: str = "EUR",
    country: str = "",
) -> Context:
    """The context in which this principal reads and types values, in this workspace."""
    context = Context(
        principal,
        principal.locale or principal.language,
        ZoneInfo(principal.timezone),
        currency,
        country,
    )
    if workspace is None:
        return context
    return replace(
        context,
        currency=workspace.currency,
        country=workspace.country,
        first_weekday=workspace.first_day_of_week,
        fiscal_month=workspace.fiscal_year_start,
    )


def read_page(
    rows: Rows,
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
    plan = Plan(declaration, names, keyed=True)
    turn = Turn(sort, sort.descending != backwards, limit, before or after)
    found = turn.walked(source_of(rows), plan)
    if found is None:
        found = turn.found(source_of(rows), plan)
    more = len(found) > limit
    found = found[:limit]
    if backwards:
        found.reverse()
    fill(found, declaration, names, context, titled=titled)
    page = Page(found)
    if found and (more or backwards):
        page.next = write_cursor(sort.text, found[-1].key, found[-1].id)
    if found and (after or (backwards and more)):
        page.previous = write_cursor(sort.text, found[0].key, found[0].id)
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
    """One record, or None when it is not there for this principal: one statement for all of it,
    one for titles unless not `titled`."""
    declaration = registry.get(name)
    kinds = [declaration.fields[one] for one in names]
    paths = ["version", *paths_of(kinds)]
    asks = {"_row": row_ask(principal, name, record_id, paths, trashed=trashed)}
    answers = ask_together({**asks, **asks_of(kinds, principal, [record_id])})
    columns = columns_from(declaration, paths, answers["_row"])
    if columns is None:
        return None
    beside = values_beside(kinds, answers, [record_id])[record_id]
    row = Row(record_id, columns["version"], load_values(kinds, columns) | beside)
    fetch_singly([row], kinds, context)
    if titled:
        learn_titles([row], kinds, context)
    return row


def read_values(
    query: QuerySet[Any],
    declaration: type[Object],
    names: Sequence[str],
    context: Context,
    *,
    titled: bool = True,
) -> list[Row]:
    """The rows of a query that is ordered and limited already, filled like a page's."""
    plan = Plan(declaration, names, keyed=False)
    found = plan.rows(compiled(plan.read(query)).run())
    fill(found, declaration, names, context, titled=titled)
    return found


def read_union(
    queries: Sequence[Compiled],
    plan: Plan,
    declaration: type[Object],
    names: Sequence[str],
    context: Context,
) -> list[Row]:
    """The rows of several limited queries of one plan (lanes of a board), in one statement."""
    found = plan.rows(union(queries).run())
    fill(found, declaration, names, context)
    return found


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
    fetch_singly(rows, kinds, context)
    if titled:
        learn_titles(rows, kinds, context)


def fetch_singly(rows: Sequence[Row], kinds: Sequence[Any], context: Context) -> None:
    """Fetch the values of fields that have statements of their own; what is read stands then, and
    what is sensitive in it is noted."""
    ids = [row.id for row in rows]
    for kind in kinds:
        if hasattr(kind, "fetch") and not hasattr(kind, "gather"):
            found: Mapping[UUID, Any] = kind.fetch(context.principal, ids)
            for row in rows:
                row.values[kind.name] = found.get(row.id)
    note_shown(rows, kinds, context)


def learn_titles(rows: Sequence[Row], kinds: Sequence[Kind], context: Context) -> None:
    """Fetch the titles of records that the rows point at, in one statement."""
    wanted = {
        reference
        for kind in kinds
        if type(kind).references is not Kind.references
        for row in rows
        for reference in kind.references(row.values.get(kind.name))
    }
    context.titles = {
        **context.titles,
        **access.titles(context.principal, wanted, context.language),
    }
