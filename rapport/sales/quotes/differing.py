"""What two versions of a quote say differently, line by line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from django.utils.translation import gettext as _

from rapport.kit.formats import format_long_day, format_percent
from rapport.sales.models import Quote
from rapport.sales.models.quote import LANGUAGES
from rapport.sales.quotes.document import Said
from rapport.sales.quotes.lines import Told, told_line
from rapport.sales.quotes.rich_text import blocks_of
from rapport.sales.quotes.sums import INNER, told_sums

type Line = Mapping[str, Any]
type Pair = tuple[Line | None, Line | None]


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that changed: of which line or part, what of it, and both of its values."""

    about: str
    what: str
    before: str
    after: str
    sort: str = "changed"


def differences(old: Said, new: Said, locale: str) -> tuple[list[Difference], int]:
    """All that changed in the order of the document, and how many lines stayed as they were."""
    changed, same = [], 0
    for before, after in _paired(old.rows, new.rows):
        found = list(_of_line(before, after, old.quote.currency, new.quote.currency, locale))
        changed += found
        same += not found
    heads = list(_of_heads(old.quote, new.quote, locale))
    return [*heads, *changed, *_of_sums(old, new, locale)], same


def _paired(old: Sequence[Line], new: Sequence[Line]) -> list[Pair]:
    """Lines of both that are about the same thing, in the order of the new ones."""
    matcher = SequenceMatcher(None, [_key(row) for row in old], [_key(row) for row in new], False)
    pairs: list[Pair] = []
    for tag, first, end, start, stop in matcher.get_opcodes():
        if tag == "equal":
            pairs += zip(old[first:end], new[start:stop], strict=True)
            continue
        pairs += [(row, None) for row in old[first:end]]
        pairs += [(None, row) for row in new[start:stop]]
    return list(_moved(pairs))


def _key(row: Line) -> tuple[Any, ...]:
    return (row["sort"], row["product_id"] or row["name"])


def _moved(pairs: Sequence[Pair]) -> Iterator[Pair]:
    """A line that only stands elsewhere is neither gone nor new."""
    gone: dict[Any, list[Line]] = {}
    for before, after in pairs:
        if before is not None and after is None:
            gone.setdefault(_key(before), []).append(before)
    taken: set[Any] = set()
    met: list[Pair] = []
    for before, after in pairs:
        was = before
        if before is None and after is not None and gone.get(_key(after)):
            was = gone[_key(after)].pop(0)
            taken.add(was["id"])
        met.append((was, after))
    for before, after in met:
        if after is not None or (before is not None and before["id"] not in taken):
            yield before, after


def _of_line(
    before: Line | None, after: Line | None, was: str, currency: str, locale: str
) -> Iterator[Difference]:
    if before is None and after is not None:
        line = told_line(after, currency, locale)
        yield Difference(line.name, _("New line"), "", _in_short(line), "added")
    elif after is None and before is not None:
        line = told_line(before, was, locale)
        yield Difference(line.name, _("Line taken out"), _in_short(line), "", "removed")
    elif before is not None and after is not None:
        name = after["name"]
        for label, one, other in zip(
            _labels(), _cells(before, was, locale), _cells(after, currency, locale), strict=True
        ):
            if one != other:
                yield Difference(name, label, one, other)


def _labels() -> tuple[str, ...]:
    return (
        _("Text"), _("Quantity"), _("Price"), _("Discount"), _("Tax"), _("Choice"), _("Details"),
    )  # fmt: skip


def _cells(row: Line, currency: str, locale: str) -> tuple[str, ...]:
    line = told_line(row, currency, locale)
    tax = "" if row["tax"] is None else format_percent(row["tax"], locale)
    alternative = f"{line.choice}: {line.alternative}" if line.alternative else line.choice
    return (line.name, line.quantity, line.price, line.discount, tax, alternative, line.note)


def _in_short(line: Told) -> str:
    if line.is_heading:
        return _("Heading")
    parts = (f"{line.quantity} × {line.price}", line.discount, line.choice)
    return ", ".join(part for part in parts if part)


def _of_heads(old: Quote, new: Quote, locale: str) -> Iterator[Difference]:
    about = _("Quote")
    for label, before, after in zip(
        (_("Name"), _("Company"), _("Contact person"), _("Currency"), _("Valid until"),
         _("Language"), _("Terms")),
        _head(old, locale), _head(new, locale), strict=True,
    ):  # fmt: skip
        if before != after:
            yield Difference(about, label, before, after)


def _head(quote: Quote, locale: str) -> tuple[str, ...]:
    day = quote.valid_until
    blocks = blocks_of(quote.terms)
    terms = "\n".join("".join(run["text"] for run in block["runs"]) for block in blocks)
    return (
        quote.name, quote.company.name if quote.company else "",
        quote.person.name if quote.person else "", quote.currency,
        format_long_day(day, locale, weekday=False) if day else "",
        str(LANGUAGES.get(quote.language, quote.language)), terms,
    )  # fmt: skip


def _of_sums(old: Said, new: Said, locale: str) -> Iterator[Difference]:
    was = {one.label: one.amount for one in told_sums(old.sums, old.quote.currency, locale, INNER)}
    now = {one.label: one.amount for one in told_sums(new.sums, new.quote.currency, locale, INNER)}
    for label in dict.fromkeys([*was, *now]):
        if was.get(label) != now.get(label):
            yield Difference(_("Sums"), label, was.get(label, ""), now.get(label, ""), "sum")
