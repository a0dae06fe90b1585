"""The page of the reference that lists what formulas are made of, made from the functions."""

from __future__ import annotations

from django.utils import translation

from rapport.records.expressions.functions import FUNCTIONS, Function
from rapport.setup.formula_forms import GROUPS

HEAD = """\
# Formulas

Written by `bin/reference` from the functions; change those, not this page. How to make a field of
one is told in [the guide](../guide/formulas.md).

Each example is worked out by a test.
"""
MEASURES = """\
## Related records

| written | gives |
| --- | --- |
| `count(deals)` | how many there are |
| `sum(deals.amount)` | what they add up to; amounts in the workspace's currency |
| `average(deals.amount)`, `min(…)`, `max(…)` | of a number or an amount |
| `latest(deals.close_date)`, `earliest(…)` | of a date or a moment |
| `sum(deals.amount where state:won)` | of those that meet [a condition](conditions.md) |
| `company.industry` | a field of the one record that a field points at |
"""


def formulas_page() -> str:
    """The whole page as Markdown."""
    with translation.override("en"):
        parts = [HEAD, *(_group(name, str(words)) for name, words in GROUPS.items()), MEASURES]
    return "\n".join(parts)


def _group(name: str, heading: str) -> str:
    rows = [_row(one) for one in FUNCTIONS.values() if one.group == name]
    head = "| written | does | example | gives |\n| --- | --- | --- | --- |\n"
    return f"## {heading}\n\n{head}{''.join(rows)}"


def _row(one: Function) -> str:
    text, result = one.example
    cells = (f"`{one.usage}`", str(one.words), f"`{text}`", f"`{result}`")
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |\n"
