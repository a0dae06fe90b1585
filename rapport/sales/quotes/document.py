"""A quote as a document: what it says, put into the words of its language, and set as a PDF."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from babel.core import Locale, UnknownLocaleError
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from rapport.accounts.logos import ending_of
from rapport.accounts.models import Letterhead, Workspace
from rapport.accounts.queries import letterhead, workspace
from rapport.kit.formats import format_long_day, format_moment
from rapport.kit.typesetting import typeset
from rapport.sales.models import Quote, QuoteLine
from rapport.sales.quotes.lines import NAMES, exact_money, told_line, total_of
from rapport.sales.quotes.rich_text import blocks_of
from rapport.sales.quotes.sums import COLUMNS, INNER, told_sums

SIGNATURE = "signature.png"
TEMPLATE = Path(__file__).with_name("quote.typ")
#: A word without an end would run out of its column: it may break after so many letters.
LONG_WORD = re.compile(r"(\S{22})(?=\S)")
#: What turns the direction of the text around it.
TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


@dataclass(frozen=True, slots=True)
class Said:
    """What a quote says: its lines with what is chosen of them, and what these come to."""

    quote: Quote
    rows: Sequence[Mapping[str, Any]]
    sums: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Evidence:
    """What proves that somebody accepted a quote."""

    name: str
    at: datetime
    ip: str
    agent: str
    sha256: str
    chosen: Sequence[str]
    drawn: bytes = b""


def said_by(quote: Quote) -> Said:
    """What a quote says as it is stored."""
    rows = QuoteLine.objects.filter(quote=quote).order_by("position", "pk").values(*NAMES)
    return Said(quote, list(rows), {name: getattr(quote, name) for name in COLUMNS})


def set_quote(said: Said, evidence: Evidence | None = None) -> bytes:
    """The quote as a PDF, in its own language. Never tells cost or margin. Raises NotSet.

    With evidence a page is appended that tells who accepted it.
    """
    with translation.override(said.quote.language):
        proof = _proof(evidence, said.quote) if evidence else None
        head = letterhead()
        contents = contents_of(said, workspace(), head)
    return set_sheet(contents, bytes(head.logo), proof, evidence.drawn if evidence else b"")


def set_sheet(
    contents: Mapping[str, Any],
    logo: bytes,
    proof: Mapping[str, Any] | None = None,
    drawn: bytes = b"",
) -> bytes:
    """A document with the firm's letterhead as a PDF. Raises NotSet."""
    name = f"logo.{ending_of(logo)}" if logo else ""
    given = {**contents, "logo": name, "proof": proof}
    # An address that is copied from the document must be whole.
    whole = {name: _each(given[name], _shown) for name in ("facts", "proof")}
    told = {**_each(given, _broken), **whole}
    pictures = {name: logo} if name else {}
    if drawn:
        pictures[SIGNATURE] = drawn
    return typeset(TEMPLATE, told, pictures)


def contents_of(said: Said, firm: Workspace, head: Letterhead) -> dict[str, Any]:
    """All words and amounts of the document, in the language that is on."""
    quote, locale = said.quote, locale_of_quote(said.quote, firm)
    return {
        **sheet_of(quote, said.rows, said.sums, firm, head),
        "heading": heading_of(quote),
        "foot": heading_of(quote),
        "facts": _facts(quote, locale),
        "customer": _customer(quote),
    }


def sheet_of(
    document: Any,
    rows: Sequence[Mapping[str, Any]],
    sums: Mapping[str, Any],
    firm: Workspace,
    head: Letterhead,
) -> dict[str, Any]:
    """What quotes and invoices say alike, in the language that is on."""
    locale = locale_of_quote(document, firm)
    before, after = _("Page %(page)s of %(pages)s").split("%(page)s")
    return {
        "language": document.language,
        "color": head.color,
        "watermark": pgettext("watermark", "Draft") if document.state == "draft" else "",
        "firm": firm.name,
        "firm_address": head.address.splitlines(),
        "firm_foot": head.foot.splitlines(),
        "title": document.name,
        "columns": [_("Line"), _("Quantity"), _("Price"), _("Discount"), _("Total")],
        "lines": _lines(rows, document.currency, locale),
        "carried": _("Carried over, net"),
        "forward": _("Brought forward, net"),
        "sums": [
            {"label": one.label, "amount": one.amount, "tone": one.tone}
            for one in told_sums(sums, document.currency, locale, INNER)
        ],
        "terms_word": _("Terms"),
        "terms": blocks_of(document.terms),
        "page_words": [before, after.replace("%(pages)s", "")],
    }


def heading_of(quote: Quote) -> str:
    """What the document is called."""
    return _("Quote %(number)s") % {"number": quote.number} if quote.number else _("Quote")


def locale_of_quote(quote: Any, firm: Workspace) -> str:
    """How its amounts and days are written: in its language, as in the firm's country if known."""
    try:
        return str(Locale(quote.language, firm.country or None))
    except (UnknownLocaleError, ValueError):
        return quote.language


def _proof(evidence: Evidence, quote: Quote) -> dict[str, Any]:
    """The appended page: all that was noted as somebody accepted."""
    zone = ZoneInfo(workspace().timezone)
    at = format_moment(evidence.at.astimezone(zone), quote.language, full=True)
    facts = [
        (_("Accepted and signed by"), _broken(evidence.name)),
        (_("When"), f"{at} ({zone.key})"),
        (_("In universal time"), evidence.at.astimezone(UTC).isoformat(timespec="seconds")),
        (_("From the address"), evidence.ip or "—"),
        (_("With the program"), _broken(evidence.agent) or "—"),
        (_("Options and alternatives chosen"), _broken("; ".join(evidence.chosen)) or "—"),
        (_("Fingerprint (SHA-256)"), evidence.sha256),
    ]
    how = (
        _("This page was added when the quote was accepted by drawing and typing a name.")
        if evidence.drawn
        else _("This page was added when the quote was accepted by typing a name.")
    )
    kept = _("The fingerprint is that of the document without this page, kept beside it.")
    return {
        "heading": _("Acceptance"),
        "facts": facts,
        "text": f"{how} {kept}",
        "name": _broken(evidence.name),
        "drawn": SIGNATURE if evidence.drawn else "",
    }


def _lines(rows: Sequence[Mapping[str, Any]], currency: str, locale: str) -> list[dict[str, Any]]:
    net, found = Decimal(0), []
    for row in rows:
        line = told_line(row, currency, locale)
        if line.counts and not line.is_heading:
            net += total_of(row, currency)
        found.append(
            {
                "is_heading": line.is_heading, "counts": line.counts, "name": line.name,
                "note": line.note.splitlines(), "choice": line.choice, "quantity": line.quantity,
                "price": line.price, "discount": line.discount, "total": line.total,
                "carried": exact_money(net, currency, locale),
            }
        )  # fmt: skip
    return found


def _facts(quote: Quote, locale: str) -> list[tuple[str, str]]:
    days = ((_("Date"), quote.day), (_("Valid until"), quote.valid_until))
    found = [(label, format_long_day(day, locale, weekday=False)) for label, day in days if day]
    if quote.owner:
        found += [(_("Your contact"), quote.owner.name), (_("Email"), quote.owner.email)]
    return found


def _customer(quote: Quote) -> list[str]:
    company, person = quote.company, quote.person
    told = [company.name if company else "", person.name if person else ""]
    if company:
        town = " ".join(part for part in (company.postal_code, company.city) if part)
        names = Locale.parse(quote.language).territories
        told += [*company.street.splitlines(), town, names.get(company.country, company.country)]
    return [one for one in told if one]


def _each(value: Any, change: Callable[[str], str]) -> Any:
    """The value with each text in it changed."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, Mapping):
        return {name: _each(one, change) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_each(one, change) for one in value]
    return value


def _broken(text: str) -> str:
    """A text with places to break its longest words."""
    return LONG_WORD.sub("\\1\u200b", _shown(text))


def _shown(text: str) -> str:
    """A text without what no page can show."""
    return "".join(
        letter for letter in text
        if letter not in TURNING
        and (letter == "\n" or unicodedata.category(letter) not in ("Cc", "Cs"))
    )  # fmt: skip
