"""Cells rewritten to forms that mean the same everywhere, by what the whole column showed."""

from __future__ import annotations

import re

from rapport.records.imports.running.plan import Assigned

NUMERIC_DATE = re.compile(r"\s*(\d{1,4})[-/. ]+(\d{1,2})[-/. ]+(\d{1,4})(.*)", re.DOTALL)


def plain_text(text: str, column: Assigned) -> str:
    """The cell with its date in ISO order and its decimal mark a point, where hints say how."""
    if column.date_order:
        return _iso(text, column.date_order)
    if column.decimal:
        return _pointed(text, column.decimal)
    return text


def _iso(text: str, order: str) -> str:
    found = NUMERIC_DATE.fullmatch(text)
    if found is None or len(found[1]) == 4:
        return text
    first, second, year, rest = found.groups()
    day, month = (first, second) if order == "dmy" else (second, first)
    if int(month) > 12 >= int(day) and int(month) <= 31:
        day, month = month, day
    if len(year) == 2:
        year = f"{20 if int(year) < 70 else 19}{year}"
    return f"{year}-{int(month):02}-{int(day):02}{rest}"


def _pointed(text: str, decimal: str) -> str:
    other = "." if decimal == "," else ","
    return (
        text.replace(other, "").replace(decimal, ".") if decimal in text or other in text else text
    )
