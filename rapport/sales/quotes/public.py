"""What a customer meets behind the link to a quote: what it says, what he may choose and do."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import F
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from rapport.accounts.links import digest_of
from rapport.accounts.queries import workspace
from rapport.kit.formats import format_long_day
from rapport.records.store import Rejected
from rapport.sales.models import Quote, QuoteLink
from rapport.sales.parts.line_prices import Terms
from rapport.sales.quotes.document import Said, locale_of_quote, said_by
from rapport.sales.quotes.lines import Told, told_line
from rapport.sales.quotes.sums import sums_of

#: How long a link opens after the last day of its quote, so that the customer finds his copy.
DAYS_AFTER, DAYS = 30, 60
#: What we make is shorter; who sends more is not sent on to the database.
LONGEST_SECRET = 64
#: What the customer reads of the quote itself.
SHOWN = ("name", "number", "company_id", "person_id", "currency", "day", "valid_until", "language",
         "terms")  # fmt: skip


class NoLink(LookupError):
    """The address opens nothing, or nothing any more; a sentence."""

    def __init__(self, sentence: str, status: int = 410) -> None:
        super().__init__(sentence)
        self.status = status


@dataclass(frozen=True, slots=True)
class Choice:
    """A line that the customer may choose, alone or as one of several."""

    line: Told
    name: str
    is_one_of: bool
    is_chosen: bool


def link_of(secret: str) -> QuoteLink:
    """The link with its quote. Raises NoLink, in the same words for unknown and revoked ones."""
    found = QuoteLink.objects.select_related("quote__company", "quote__person", "quote__owner")
    link = found.filter(
        digest=digest_of(secret[:LONGEST_SECRET]), revoked_at=None, quote__deleted_at=None
    ).first()
    if link is None:
        raise NoLink(_("There is no quote here. Copy the link whole, or ask for a new one."), 404)
    return link


def check_open(link: QuoteLink) -> None:
    """Raises NoLink for a link that ran out, or a quote that was taken back."""
    if link.expires_at <= timezone.now():
        raise NoLink(_("This link has run out. Ask for a new one."))
    if link.quote.state == "draft":
        raise NoLink(_("This quote was taken back to be changed. Ask for a new link."))


def note_opened(link: QuoteLink) -> bool:
    """Count that the link was opened; whether it was for the first time."""
    now, links = timezone.now(), QuoteLink.objects.filter(pk=link.pk)
    is_first = bool(links.filter(opened=0).update(opened=1, first_opened_at=now))
    links.update(
        opened=F("opened") + (0 if is_first else 1),
        first_opened_at=Coalesce("first_opened_at", now),
        last_opened_at=now,
    )
    return is_first


def newest_sent(quote: Quote) -> Quote | None:
    """The newest version that was sent after this one."""
    root = quote.original_id or quote.pk
    versions = Quote.objects.filter(original=root, revision__gt=quote.revision, deleted_at=None)
    return versions.exclude(state="draft").order_by("-revision").first()


def link_to_newest(link: QuoteLink) -> str:
    """The secret of a link to the newest version, for whoever holds that of an older one.

    It is always the same, so that a link that was closed is not made anew. Raises NoLink.
    """
    newest = newest_sent(link.quote)
    if newest is None:
        raise NoLink(_("There is no newer version of this quote."))
    key = hmac.digest(link.secret.encode(), newest.pk.bytes, "sha256")
    secret = base64.urlsafe_b64encode(key).decode().rstrip("=")
    until = timezone.now() + timedelta(days=days_open(newest))
    QuoteLink.objects.get_or_create(
        digest=digest_of(secret), defaults={"quote": newest, "expires_at": until}
    )
    return secret


def days_open(quote: Quote) -> int:
    """For how many days a link to the quote opens."""
    left = (quote.valid_until - timezone.localdate()).days if quote.valid_until else DAYS
    return max(left, 0) + DAYS_AFTER


def why_closed(quote: Quote) -> str:
    """Why the customer can't answer the quote any more; empty while he can."""
    if quote.state == "replaced":
        return _("A newer version takes the place of this one.")
    if quote.state == "accepted":
        return _("This quote was accepted.")
    if quote.state == "declined":
        return _("This quote was declined.")
    if quote.state == "expired" or (quote.valid_until and quote.valid_until < today()):
        day = quote.valid_until
        told = format_long_day(day, locale_of_quote(quote, workspace())) if day else "—"
        return _("This quote was valid until %(day)s. Ask for a new one.") % {"day": told}
    return ""


def today() -> date:
    """The day where the firm is."""
    return timezone.localdate(timezone=ZoneInfo(workspace().timezone))


def said_with(quote: Quote, given: Collection[str] | None) -> Said:
    """What the quote says with these lines chosen, by id; as it is stored without any.

    Raises Rejected for lines that are not to be chosen, or too few or many of them.
    """
    said = said_by(quote)
    if given is None:
        return said
    rows = _chosen(said.rows, given)
    rated = [{**row, "product": None} for row in rows]
    terms = Terms(None, quote.currency, today())
    return Said(quote, rows, sums_of(rated, terms, is_costed=False))


def _chosen(rows: Sequence[Mapping[str, Any]], given: Collection[str]) -> list[dict[str, Any]]:
    wanted = {one for one in given if one}
    groups: dict[str, list[Mapping[str, Any]]] = {}
    for row in rows:
        if row["alternative"]:
            groups.setdefault(row["alternative"], []).append(row)
    if wanted - {str(row["id"]) for row in rows if is_open(row)}:
        raise Rejected({"choose": _("This is no choice of this quote. Load the page anew.")})
    for name, group in groups.items():
        found = sum(str(row["id"]) in wanted for row in group)
        if found > 1 or (not found and not all(row["is_optional"] for row in group)):
            raise Rejected({"choose": _("Choose one of “%(name)s”.") % {"name": name}})
    return [
        {**row, "is_chosen": str(row["id"]) in wanted} if is_open(row) else dict(row)
        for row in rows
    ]


def is_open(row: Mapping[str, Any]) -> bool:
    """Whether the customer chooses if this line counts."""
    return row["sort"] == "line" and bool(row["is_optional"] or row["alternative"])


def told_lines(said: Said) -> tuple[list[Told], list[Choice]]:
    """The lines that count anyway with their headings, and those to choose from."""
    locale, currency = locale_of_quote(said.quote, workspace()), said.quote.currency
    fixed: list[Told] = []
    choices: list[Choice] = []
    groups: dict[str, int] = {}
    for row in said.rows:
        line = told_line(row, currency, locale)
        if not is_open(row):
            fixed.append(line)
            continue
        group = row["alternative"]
        number = groups.setdefault(group, len(groups)) if group else row["id"]
        choices.append(Choice(line, f"choose.{number}", bool(group), bool(row["is_chosen"])))
    return fixed, choices


def fingerprint(said: Said) -> str:
    """A digest of what the quote says, whatever is chosen: who answers proves what he saw."""
    told = [getattr(said.quote, name) for name in SHOWN]
    lines = [{name: row[name] for name in row if name != "is_chosen"} for row in said.rows]
    return hashlib.sha256(json.dumps([told, lines], default=str).encode()).hexdigest()
