"""What a customer does on the page of a quote: comments, signs, declines; its owner is told."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone, translation
from django.utils.html import escape
from django.utils.translation import gettext as _

from rapport.accounts.principals import service
from rapport.accounts.queries import workspace
from rapport.kit.typesetting import NotSet
from rapport.records.models import Notification
from rapport.records.notifications import tell
from rapport.records.store import ChangeInProgress, Rejected, change
from rapport.sales.models import Quote, QuoteComment, QuoteDecision, QuoteLine, QuoteLink
from rapport.sales.quotes.document import Evidence, Said, set_quote
from rapport.sales.quotes.drawn import drawn_signature
from rapport.sales.quotes.public import fingerprint, is_open, said_with, why_closed

CUSTOMER = service("customer")
NAME, REASON, COMMENT = 120, 500, 2000
#: More than anybody asks about one quote; who sends more means harm.
MOST_COMMENTS = 200


@dataclass(frozen=True, slots=True)
class By:
    """Who answers, as far as anybody can tell."""

    name: str
    ip: str | None
    agent: str
    drawn: str = ""


def sign(link: QuoteLink, given: Collection[str], seen: str, by: By) -> QuoteDecision:
    """Accept the quote with these lines chosen, and keep the document as proof.

    Raises Rejected, by field, for what was decided or changed meanwhile and what lacks.
    """
    name, drawn = _name(by.name), drawn_signature(by.drawn)
    said = said_with(link.quote, given)
    _check(link.quote, said, seen)
    at = timezone.now()
    chosen = [row["name"] for row in said.rows if is_open(row) and row["is_chosen"]]
    try:
        document = set_quote(said)
        digest = hashlib.sha256(document).hexdigest()
        evidence = Evidence(name, at, by.ip or "", by.agent, digest, chosen, drawn)
        signed = set_quote(said, evidence)
    except NotSet:
        raise Rejected({"": _("The document could not be made. Try again later.")}) from None
    decision = QuoteDecision(
        quote=link.quote, link=link, is_accepted=True, at=at, name=name, ip=by.ip, agent=by.agent,
        chosen=chosen, sha256=digest, document=document, signed=signed, signature=drawn,
    )  # fmt: skip
    return _decide(decision, seen, said)


def decline(link: QuoteLink, reason: str, seen: str, by: By) -> QuoteDecision:
    """Decline the quote. Raises Rejected, by field."""
    said = said_with(link.quote, None)
    _check(link.quote, said, seen)
    told = plain_text(reason, REASON)
    if not told:
        raise Rejected({"reason": _("Say in a few words what did not fit.")})
    decision = QuoteDecision(
        quote=link.quote, link=link, is_accepted=False, at=timezone.now(), name=_name(by.name),
        reason=told, ip=by.ip, agent=by.agent,
    )  # fmt: skip
    return _decide(decision, seen, None)


def comment(link: QuoteLink, text: str, name: str) -> QuoteComment:
    """Keep what the customer asks. Raises Rejected, by field."""
    told, quote = plain_text(text, COMMENT), link.quote
    if not told:
        raise Rejected({"text": _("Write what you want to ask.")})
    with change(CUSTOMER, via="web", title=_("A customer's comment on a quote")) as made:
        # One after the other, so that nobody gets past the limit by asking at once.
        Quote.objects.select_for_update().get(pk=quote.pk)
        if QuoteComment.objects.filter(quote=quote).count() >= MOST_COMMENTS:
            raise Rejected({"text": _("There are too many comments here. Write an email.")})
        kept = QuoteComment.objects.create(quote=quote, name=_name(name), text=told)
        _tell(made, quote, lambda: _("%(name)s about quote %(number)s: %(text)s")
              % {"name": kept.name, "number": quote.number, "text": kept.text})  # fmt: skip
    return kept


def tell_opened(quote: Quote) -> None:
    """Tell that the customer read the quote for the first time."""
    with change(CUSTOMER, via="web", title=_("A customer opened a quote")) as made:
        _tell(made, quote, lambda: _("The customer opened quote %(number)s.")
              % {"number": quote.number})  # fmt: skip


def _check(quote: Quote, said: Said, seen: str) -> None:
    if closed := why_closed(quote):
        raise Rejected({"": closed})
    if seen != fingerprint(said):
        sentence = _("This quote was changed while you read it. Read it anew, then answer.")
        raise Rejected({"": sentence})


def _decide(decision: QuoteDecision, seen: str, said: Said | None) -> QuoteDecision:
    title = _("A customer accepted a quote") if said else _("A customer declined a quote")
    with change(CUSTOMER, via="web", title=title) as made:
        link = QuoteLink.objects.select_for_update().get(pk=decision.link_id)
        locked = Quote.objects.select_for_update().get(pk=decision.quote_id)
        if link.revoked_at or locked.deleted_at or locked.state == "draft":
            raise Rejected({"": _("This quote was taken back meanwhile. Ask for a new link.")})
        _check(locked, said_with(locked, None), seen)
        if said:
            _choose(said)
        values = {"state": "accepted"}
        if not decision.is_accepted:
            values = {"state": "declined", "decline_reason": decision.reason}
        made.update("quote", locked.pk, values)
        decision.save(force_insert=True)
        _tell(made, locked, lambda: _words(decision, locked))
    return decision


def _choose(said: Said) -> None:
    """Two statements whatever is chosen: the lines that are, and those that are not."""
    for is_chosen in (False, True):
        keys = [row["id"] for row in said.rows if is_open(row) and row["is_chosen"] is is_chosen]
        QuoteLine.objects.filter(pk__in=keys).exclude(is_chosen=is_chosen).update(
            is_chosen=is_chosen
        )


def _words(decision: QuoteDecision, quote: Quote) -> str:
    about = {"name": decision.name, "number": quote.number, "reason": decision.reason}
    if decision.is_accepted:
        return _("%(name)s accepted and signed quote %(number)s.") % about
    return _("%(name)s declined quote %(number)s: %(reason)s") % about


def _tell(made: ChangeInProgress, quote: Quote, words: Callable[[], str]) -> None:
    """A note on the timeline of the quote, and a notification for its owner."""
    at: datetime = timezone.now()
    with translation.override(quote.owner.language if quote.owner else workspace().language):
        values = {"body": escape(words()), "at": at, "about": [("quote", quote.pk)]}
    made.create("note", {**values, "owner": quote.owner_id})
    if quote.owner is not None:
        about = ("quote", quote.pk)
        tell(quote.owner, Notification.Kind.QUOTE, words, f"/quotes/{quote.pk}/", about=about)


def _name(given: str) -> str:
    name = " ".join(plain_text(given, NAME).split())
    if len(name) < 2:
        raise Rejected({"name": _("Type your name.")})
    return name


def plain_text(given: str, most: int) -> str:
    """What was typed, without what turns or hides text; the rest is cut off."""
    kept = "".join(
        one for one in given.replace("\r\n", "\n")
        if one == "\n" or unicodedata.category(one) not in ("Cc", "Cf", "Cs", "Zl", "Zp")
    )  # fmt: skip
    return kept.strip()[:most]
