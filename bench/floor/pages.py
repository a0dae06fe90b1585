"""The floor's pages as plain string formatting, the quickest Python has."""

from collections.abc import Iterable, Sequence
from html import escape
from typing import Any

type Rows = Iterable[Sequence[Any]]


def page(title: str, body: str) -> str:
    """A whole page around its body."""
    return f"""<!doctype html><html lang=en><meta charset=utf-8><title>{escape(title)}</title>
<link rel=stylesheet href=/static/app.css><nav><a href=/contacts>Contacts</a>
<a href=/deals>Deals</a><form action=/search><input name=q></form></nav>
<main><h1>{escape(title)}</h1>{body}</main>"""


def contact_list(total: int, rows: Rows) -> str:
    """A table of contacts."""
    head = "<tr><th>Name<th>E-mail<th>Phone<th>City<th>Company</tr>"
    return f"<p>{total} contacts</p><table>{head}{''.join(map(_contact, rows))}</table>"


def _contact(row: Sequence[Any]) -> str:
    key, first, last, mail, phone, city, company, company_name = _escaped(row)
    return (
        f'<tr><td><a href="/contacts/{key}">{last}, {first}</a><td>{mail}<td>{phone}<td>{city}'
        f'<td><a href="/companies/{company}">{company_name}</a></tr>'
    )


def record(fields: Rows, deals: Rows, activities: Rows) -> str:
    """One contact's fields, deals and activities."""
    terms = "".join(f"<dt>{name}<dd>{value}" for name, value in map(_escaped, fields))
    return (
        f"<dl>{terms}</dl><h2>Deals</h2><ul>{_items(deals)}</ul>"
        f"<h2>Activities</h2><ul>{_items(activities)}</ul>"
    )


def _items(rows: Rows) -> str:
    return "".join("<li>" + " ".join(_escaped(row)) for row in rows)


def board(stages: Rows, cards: Sequence[Sequence[Any]]) -> str:
    """A column for each stage with its cards."""
    return "".join(_column(*stage, cards) for stage in stages)


def _column(stage: str, count: int, amount: int, cards: Sequence[Sequence[Any]]) -> str:
    mine = (_escaped(card) for card in cards if card[3] == stage)
    inner = "".join(
        f'<article><a href="/deals/{key}">{name}</a> {company} {amount}</article>'
        for key, name, company, _stage, amount in mine
    )
    return f"<section><h2>{escape(stage)} ({count}, {amount})</h2>{inner}</section>"


def _escaped(row: Sequence[Any]) -> list[str]:
    return [escape(str(value)) for value in row]
