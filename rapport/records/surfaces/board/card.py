"""The cards of a board: what they show is drawn field by field, since it often repeats."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from rapport.records.declare import Board, Object
from rapport.records.kinds.base import Context
from rapport.records.kinds.number import Money
from rapport.records.reading import Row
from rapport.ui.components import avatar
from rapport.ui.html import Markup, escaped, trusted

DATES = ("date", "datetime")
NOTHING = SafeString("")
CARD = Markup(
    '<article class="dcard" id="card-{id}" data-card="{id}" data-version="{version}"{moving} '
    'aria-label="{label}"><div class="dc-h">{head}<span class="push"></span>{pulse}</div>'
    '<h3><a href="{url}" dir="auto">{name}</a></h3>'
    '<div class="dc-v">{total}<span class="push"></span>'
    '<span class="small muted">{dates}</span></div>'
    '<div class="dc-f">{foot}<span class="push"></span>{owner}</div></article>'
)
FOREIGN = Markup('{} <span class="small muted">{}</span>')

type Shown = Mapping[str, Sequence[SafeString]]


def render_cards(
    rows: Sequence[Row],
    declaration: type[Object],
    board: Board,
    context: Context,
    *,
    is_movable: bool,
) -> list[SafeString]:
    """An `<article>` a row: the declared fields beside the title, then the sum and the rest."""
    title = declaration.fields[declaration.title]
    shown = _shown(rows, declaration, board, context)
    head = [name for name in board.card[:2] if name in shown]
    rest = [name for name in board.card[2:] if name in shown]
    dates = [name for name in board.card if name in shown and _is_date(declaration, name)]
    pulse = [name for name in rest if declaration.fields[name].type == "pulse"]
    foot = [name for name in rest if name not in (*dates, *pulse)]
    totals = _totals(rows, declaration, board, context)
    moving = SafeString(' tabindex="0"' if is_movable else "")
    nameless = _("(no name)")
    cards = []
    for place, row in enumerate(rows):
        key = escaped(row.id)
        name = escaped(title.plain(row.values[declaration.title], context))
        cards.append(
            CARD(
                id=key, version=row.version, moving=moving, label=name, name=name or nameless,
                url=declaration.url(key), total=totals[place], owner=_owner(row, context),
                head=_joined(shown, head, place), dates=_joined(shown, dates, place),
                pulse=_joined(shown, pulse, place), foot=_joined(shown, foot, place),
            )
        )  # fmt: skip
    return cards


def _shown(rows: Sequence[Row], declaration: type[Object], board: Board, context: Context) -> Shown:
    """What each declared field shows, row by row; the total has its own place."""
    amount = _amount_of(declaration, board)
    return {
        name: declaration.fields[name].show_all([row.values.get(name) for row in rows], context)
        for name in board.card
        if name != amount
    }


def _joined(shown: Shown, names: Sequence[str], place: int) -> SafeString:
    return trusted("".join([shown[name][place] for name in names]))


def _is_date(declaration: type[Object], name: str) -> bool:
    return declaration.fields[name].type in DATES


def _totals(
    rows: Sequence[Row], declaration: type[Object], board: Board, context: Context
) -> Sequence[SafeString]:
    """The sum of each card: in its own currency, with the workspace's beside it if it differs."""
    if not board.total:
        return [NOTHING] * len(rows)
    base, amount = declaration.fields[board.total], _amount_of(declaration, board)
    in_base = [row.values.get(board.total) for row in rows]
    if not amount:
        return base.show_all(in_base, context)
    own = [row.values.get(amount) for row in rows]
    # The base is the same amount once more where the currency is the workspace's.
    is_foreign = [isinstance(one, tuple) and one[1] not in ("", context.currency) for one in own]
    wanted = [
        value if is_other or one is None else None
        for one, value, is_other in zip(own, in_base, is_foreign, strict=True)
    ]
    shown = declaration.fields[amount].show_all(own, context)
    beside = base.show_all(wanted, context)
    return [
        FOREIGN(text, other) if is_other else text or other
        for text, other, is_other in zip(shown, beside, is_foreign, strict=True)
    ]


def _amount_of(declaration: type[Object], board: Board) -> str:
    """The field whose amount, in the record's own currency, the board's total is the base of."""
    total = board.total
    moneys = (kind for kind in declaration.fields.values() if isinstance(kind, Money))
    return next((kind.name for kind in moneys if total and kind.base == total), "")


def _owner(row: Row, context: Context) -> SafeString:
    owner = row.values["owner"]
    title = context.titles.get(owner)
    return avatar(title.text, str(owner), size="xs") if title else NOTHING
