"""Rows of a list as HTML: column by column, since what a column shows often repeats."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from urllib.parse import quote
from uuid import UUID

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from rapport.records import access
from rapport.records.declare import Object
from rapport.records.drawing import locked_cell, table_cells
from rapport.records.kinds.base import Context, Kind
from rapport.records.locking.showing import UNLOCKED, locks_on
from rapport.records.reading import Row
from rapport.ui.components import avatar
from rapport.ui.html import Markup, trusted

#: How much of a list's address each of its rows repeats.
LONGEST_QUERY = 300

HEAD = Markup(
    '<tr role="row" data-row="{id}" data-version="{version}" aria-selected="false"{tone}>'
    '<td role="cell" class="sel pin"><input type="checkbox" class="check" name="id" value="{id}" '
    'form="bulk" aria-label="{select}"></td>'
    '<th role="rowheader" scope="row" class="pin pin-2 c-name"><span class="who">{mark}'
    '<a href="{url}" dir="auto">{name}</a>{second}</span></th>'
)
TONE = Markup(' class="tone-{}"')
NO_TONES: Mapping[UUID, str] = MappingProxyType({})
SECOND = Markup('<span class="t trunc">{}</span>')


def render_rows(
    rows: Sequence[Row],
    declaration: type[Object],
    columns: Sequence[str],
    context: Context,
    *,
    query: str = "",
    tones: Mapping[UUID, str] = NO_TONES,
) -> SafeString:
    """The `<tr>` elements of a page of rows; `query` lets a record's page know its neighbours."""
    return trusted("".join(each_row(rows, declaration, columns, context, query=query, tones=tones)))


def each_row(
    rows: Sequence[Row],
    declaration: type[Object],
    columns: Sequence[str],
    context: Context,
    *,
    query: str = "",
    tones: Mapping[UUID, str] = NO_TONES,
) -> list[SafeString]:
    """The same, each by itself."""
    editable = access.fields(context.principal, declaration.name).editable
    locked = locks_on(context.principal, declaration, [row.id for row in rows])
    drawn: list[list[str]] = [_heads(rows, declaration, context, query, tones)]
    for kind in (declaration.fields[name] for name in columns if name != declaration.title):
        is_editable = kind.stored and kind.name in editable
        values = [row.values.get(kind.name) for row in rows]
        cells = table_cells(kind, values, context, is_editable=is_editable)
        for number, row in enumerate(rows if locked else ()):
            if lock := locked.get(row.id, UNLOCKED).fields.get(kind.name):
                may_open = is_editable and not lock.is_closed
                cells[number] = locked_cell(
                    kind, values[number], context, lock.reason, is_editable=may_open
                )
        drawn.append(cells)
    ends = ["</tr>"] * len(rows)
    return [trusted("".join(parts)) for parts in zip(*drawn, ends, strict=True)]


def row_name(row: Row, declaration: type[Object], context: Context) -> str:
    """What a row is called, or a word for one without a name."""
    kind = declaration.fields[declaration.title]
    return kind.plain(row.values.get(declaration.title), context) or _("(no name)")


def _heads(
    rows: Sequence[Row],
    declaration: type[Object],
    context: Context,
    query: str,
    tones: Mapping[UUID, str],
) -> list[str]:
    """The beginning of each row: its box, and the record's mark, name and second name."""
    way = f"?list={quote(query, safe='')}" if len(query) <= LONGEST_QUERY else ""
    select, is_org = _("Select %(name)s"), declaration.name != "person"
    heads: list[str] = []
    for row in rows:
        name, key = row_name(row, declaration, context), str(row.id)
        mark = avatar(name, key, org=is_org) if declaration.has_timeline else ""
        heads.append(
            HEAD(
                id=key, version=row.version, select=select % {"name": name}, mark=mark,
                url=declaration.url(key) + way, name=name,
                second=_second(row, declaration, context),
                tone=TONE(tones[row.id]) if row.id in tones else "",
            )
        )  # fmt: skip
    return heads


def _second(row: Row, declaration: type[Object], context: Context) -> SafeString:
    if not declaration.subtitle:
        return SafeString("")
    kind: Kind = declaration.fields[declaration.subtitle]
    text = kind.plain(row.values.get(kind.name), context)
    return SECOND(text) if text else SafeString("")
