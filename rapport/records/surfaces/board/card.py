"""One card of a board."""

from __future__ import annotations

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from rapport.records.declare import Object
from rapport.records.kinds.base import Context
from rapport.records.kinds.number import Money
from rapport.records.reading import Row
from rapport.ui.components import avatar
from rapport.ui.html import trusted

DATES = ("date", "datetime")


def render_card(
    row: Row, declaration: type[Object], context: Context, *, is_movable: bool
) -> SafeString:
    """The `<article>`: first the declared fields beside the title, then the sum and the rest."""
    board = declaration.required_board()
    name = declaration.fields[declaration.title].plain(row.values[declaration.title], context)
    shown = {
        field: declaration.fields[field].show(row.values.get(field), context)
        for field in board.card
        if row.values.get(field) is not None and field != _amount_of(declaration)
    }
    dates = [one for one in shown if declaration.fields[one].type in DATES]
    head = board.card[:2]
    foot = [one for one in board.card[2:] if one not in dates]
    total = _total(row, declaration, context)
    moving = ' tabindex="0"' if is_movable else ""
    return trusted(
        f'<article class="dcard" id="card-{row.id}" data-card="{row.id}" '
        f'data-version="{row.version}"{moving} '
        f'aria-label="{escape(name)}">'
        f'<div class="dc-h">{"".join(shown.get(one, "") for one in head)}</div>'
        f'<h3><a href="{declaration.url(row.id)}" dir="auto">'
        f"{escape(name or _('(no name)'))}</a></h3>"
        f'<div class="dc-v">{total}<span class="push"></span>'
        f'<span class="small muted">{"".join(shown[one] for one in dates)}</span></div>'
        f'<div class="dc-f">{"".join(shown.get(one, "") for one in foot)}<span class="push"></span>'
        f"{_owner(row, context)}</div></article>"
    )


def _total(row: Row, declaration: type[Object], context: Context) -> str:
    board = declaration.board
    if board is None or not board.total:
        return ""
    base = declaration.fields[board.total].show(row.values.get(board.total), context)
    own = row.values.get(_amount_of(declaration))
    if not isinstance(own, tuple):
        return base
    amount = declaration.fields[_amount_of(declaration)].show(own, context)
    if own[1] in ("", context.currency):
        return amount
    return format_html('{} <span class="small muted">{}</span>', amount, base)


def _amount_of(declaration: type[Object]) -> str:
    """The field whose amount, in the record's own currency, the board's total is the base of."""
    total = declaration.board.total if declaration.board else ""
    moneys = (kind for kind in declaration.fields.values() if isinstance(kind, Money))
    return next((kind.name for kind in moneys if total and kind.base == total), "")


def _owner(row: Row, context: Context) -> str:
    title = context.titles.get(row.values.get("owner"))  # type: ignore[arg-type]
    return avatar(title.text, str(row.values["owner"]), size="xs") if title else ""
