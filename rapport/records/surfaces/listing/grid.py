"""Rows of a list as HTML, by functions: a template include per cell costs six times more."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote

from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from rapport.records import access
from rapport.records.declare import Object
from rapport.records.kinds.base import Context, Kind
from rapport.records.reading import Row
from rapport.ui.components import avatar
from rapport.ui.html import trusted

#: A column's kind, the beginning of its cells, and whether they can be edited in place.
type Cell = tuple[Kind, str, bool]

#: How much of a list's address each of its rows repeats.
LONGEST_QUERY = 300


def render_rows(
    rows: Sequence[Row],
    declaration: type[Object],
    columns: Sequence[str],
    context: Context,
    *,
    query: str = "",
) -> SafeString:
    """The `<tr>` elements of a page of rows; `query` lets a record's page know its neighbours."""
    kinds = [declaration.fields[name] for name in columns]
    editable = access.fields(context.principal, declaration.name).editable
    cells = [
        (kind, _opening(kind), kind.name in editable and kind.stored)
        for kind in kinds
        if kind.name != declaration.title
    ]
    select = _("Select %(name)s")
    way = f"?list={quote(query, safe='')}" if len(query) <= LONGEST_QUERY else ""
    return trusted("".join(_row(row, declaration, cells, context, select, way) for row in rows))


def _row(
    row: Row,
    declaration: type[Object],
    cells: Sequence[Cell],
    context: Context,
    select: str,
    way: str,
) -> str:
    url = declaration.url(row.id)
    name = row_name(row, declaration, context)
    label = escape(select % {"name": name})
    parts = [
        f'<tr role="row" data-row="{row.id}" data-version="{row.version}" aria-selected="false">'
        f'<td role="cell" class="sel pin"><input type="checkbox" class="check" name="id" '
        f'value="{row.id}" form="bulk" aria-label="{label}"></td>',
        _head(row, declaration, context, url + way, name),
    ]
    parts += [_cell(row, cell, url, context) for cell in cells]
    parts.append("</tr>")
    return "".join(parts)


def row_name(row: Row, declaration: type[Object], context: Context) -> str:
    """What a row is called, or a word for one without a name."""
    kind = declaration.fields[declaration.title]
    return kind.plain(row.values.get(declaration.title), context) or _("(no name)")


def _head(row: Row, declaration: type[Object], context: Context, url: str, name: str) -> str:
    second = ""
    if declaration.subtitle:
        kind = declaration.fields[declaration.subtitle]
        second = escape(kind.plain(row.values.get(declaration.subtitle), context))
        second = f'<span class="t trunc">{second}</span>' if second else ""
    mark = (
        avatar(name, str(row.id), org=declaration.name != "person")
        if declaration.has_timeline
        else ""
    )
    return (
        f'<th role="rowheader" scope="row" class="pin pin-2 c-name"><span class="who">{mark}'
        f'<a href="{url}" dir="auto">{escape(name)}</a>{second}</span></th>'
    )


def _opening(kind: Kind) -> str:
    """The beginning of a column's cells, the same in every row."""
    classes = f"c-{kind.name}{' end' if kind.numeric else ''}"
    return f'<td role="cell" class="{classes}" data-l="{escape(str(kind.label))}"'


def _cell(row: Row, cell: Cell, url: str, context: Context) -> str:
    kind, opening, editable = cell
    value = row.values.get(kind.name)
    shown = "" if value is None else kind.show(value, context)
    edit = f' data-edit-url="{url}cells/{kind.name}/" tabindex="-1"' if editable else ""
    return f"{opening}{edit}>{shown}</td>"
