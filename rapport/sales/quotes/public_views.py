"""The page of a quote for its customer, who comes by a link and without an account.

He sees this one quote as its document has it, and nothing else of the house. Our referrer policy
(same-origin) keeps the link from other sites; a stricter one would make browsers send no origin
with the forms, without which they are refused.
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from rapport.accounts.addresses import client_ip
from rapport.accounts.logos import ending_of
from rapport.accounts.queries import letterhead, workspace
from rapport.accounts.request import Request
from rapport.accounts.routes import admits, takes
from rapport.accounts.throttle import GUESS, LINK, TooManyTries, claim_try
from rapport.kit.formats import format_long_day, format_moment
from rapport.kit.typesetting import NotSet
from rapport.records.store import Rejected
from rapport.sales.models import QuoteComment, QuoteDecision, QuoteLink
from rapport.sales.models.quote_link import BYTES
from rapport.sales.quotes.answering import By, comment, decline, sign, tell_opened
from rapport.sales.quotes.document import heading_of, locale_of_quote, set_quote
from rapport.sales.quotes.documents import pdf_answer
from rapport.sales.quotes.public import (
    NoLink,
    check_open,
    fingerprint,
    link_of,
    link_to_newest,
    newest_sent,
    note_opened,
    said_with,
    told_lines,
    why_closed,
)
from rapport.sales.quotes.rich_text import blocks_of
from rapport.sales.quotes.sums import INNER, told_sums

MOST_BYTES = 64 * 1024
HEADERS = {"Cache-Control": "private, no-store", "X-Robots-Tag": "noindex, nofollow, noarchive"}
type View = Callable[[Request, QuoteLink], HttpResponseBase]


def by_link(view: View) -> Callable[..., HttpResponseBase]:
    """A view for whoever holds the link, in the language of the quote."""

    @wraps(view)
    def answer(request: Request, secret: str) -> HttpResponseBase:
        try:
            link = link_of(secret)
        except NoLink as missed:
            answered = _missed(request, missed)
        else:
            with translation.override(link.quote.language):
                answered = _answered(request, link, secret, view)
                answered.headers["Content-Language"] = link.quote.language
        for name, value in HEADERS.items():
            answered.headers[name] = value
        return answered

    return admits("anonymous")(takes(lambda: MOST_BYTES)(answer))


def _answered(request: Request, link: QuoteLink, secret: str, view: View) -> HttpResponseBase:
    link.secret = secret
    try:
        check_open(link)
        if request.method == "POST" and view.__name__ != "show_sums":
            claim_try(LINK, link.digest, client_ip(request))
        return view(request, link)
    except NoLink as missed:
        return _said(request, str(missed), missed.status)
    except TooManyTries as many:
        return _said(request, _wait(many), 429)


def _missed(request: Request, missed: NoLink) -> HttpResponseBase:
    """The same for every address that opens nothing; who tries many has to wait."""
    try:
        claim_try(GUESS, "", client_ip(request))
    except TooManyTries as many:
        return _said(request, _wait(many), 429)
    return _said(request, str(missed), missed.status)


def _wait(many: TooManyTries) -> str:
    return _("These are too many tries. Go on in %(n)d minutes.") % {"n": many.minutes}


def _said(request: Request, sentence: str, status: int) -> HttpResponse:
    return render(request, "sales/quotes/public_gone.html", {"said": sentence}, status=status)


@by_link
@require_safe
def show_quote(request: Request, link: QuoteLink) -> HttpResponseBase:
    """The quote as its customer reads it; that he did is counted, for colleagues it is not."""
    is_customer = not request.principal.is_staff and request.method == "GET"
    if is_customer and note_opened(link):
        tell_opened(link.quote)
    return _page(request, link)


@by_link
@require_POST
def read_newest(request: Request, link: QuoteLink) -> HttpResponseBase:
    """Go on to the newest version of the quote. Raises NoLink."""
    return redirect("quote_public", secret=link_to_newest(link))


@by_link
@require_POST
def show_sums(request: Request, link: QuoteLink) -> HttpResponseBase:
    """What the quote comes to with these choices; writes nothing."""
    try:
        said = said_with(link.quote, _given(request))
    except Rejected as refused:
        return _page(request, link, refused.fields)
    facts = _sums_of(said, link)
    if request.htmx:
        return render(request, "sales/quotes/_public_sums.html", {**facts, "is_swapped": True})
    return _page(request, link, chosen=_given(request))


@by_link
@require_http_methods(["GET", "HEAD", "POST"])
def show_pdf(request: Request, link: QuoteLink) -> HttpResponseBase:
    """The quote as a PDF with these choices; the signed one once it was accepted."""
    name = f"{link.quote.number}.pdf"
    decision = QuoteDecision.objects.filter(quote=link.quote, is_accepted=True).first()
    if decision is not None:
        return pdf_answer(bytes(decision.signed), name)
    if request.method != "POST":
        claim_try(LINK, link.digest, client_ip(request))
    try:
        given = _given(request) if request.method == "POST" else None
        return pdf_answer(set_quote(said_with(link.quote, given)), name)
    except Rejected as refused:
        return _page(request, link, refused.fields)
    except NotSet:
        return _said(request, _("The document could not be made. Try again later."), 503)


@by_link
@require_POST
def accept(request: Request, link: QuoteLink) -> HttpResponseBase:
    """Sign the quote with these choices."""
    if not request.POST.get("agree"):
        faults = {"agree": _("Tick that you may sign and accept the quote.")}
        return _page(request, link, faults, chosen=_given(request))
    try:
        sign(link, _given(request), request.POST.get("seen", ""), _by(request))
    except Rejected as refused:
        return _page(request, link, refused.fields, chosen=_given(request))
    return _back(link)


@by_link
@require_POST
def refuse(request: Request, link: QuoteLink) -> HttpResponseBase:
    """Decline the quote for a reason."""
    try:
        decline(link, request.POST.get("reason", ""), request.POST.get("seen", ""), _by(request))
    except Rejected as refused:
        return _page(request, link, refused.fields)
    return _back(link)


@by_link
@require_POST
def ask(request: Request, link: QuoteLink) -> HttpResponseBase:
    """Ask something."""
    try:
        comment(link, request.POST.get("text", ""), request.POST.get("name", ""))
    except Rejected as refused:
        return _page(request, link, refused.fields)
    return _back(link)


def _back(link: QuoteLink) -> HttpResponse:
    return redirect("quote_public", secret=link.secret)


def _by(request: Request) -> By:
    agent = request.headers.get("User-Agent", "")[:300]
    drawn = request.POST.get("signature", "")
    return By(request.POST.get("name", ""), client_ip(request), agent, drawn)


def _given(request: Request) -> list[str]:
    """The lines chosen; each group of alternatives is a field of its own."""
    fields = [name for name in request.POST if name.startswith("choose.")]
    return [key for name in fields for key in request.POST.getlist(name)]


def _page(
    request: Request,
    link: QuoteLink,
    faults: Any = None,
    chosen: list[str] | None = None,
) -> HttpResponse:
    quote, logo = link.quote, bytes(letterhead().logo)
    try:
        said = said_with(quote, chosen)
    except Rejected as refused:
        faults, said = {**(faults or {}), **refused.fields}, said_with(quote, None)
    fixed, choices = told_lines(said)
    decision = QuoteDecision.objects.filter(quote=quote).defer(*BYTES).first()
    facts = {
        "quote": quote, "secret": link.secret,
        "heading": heading_of(quote), "firm": workspace().name,
        "address": letterhead().address.splitlines(),
        "logo": f"data:image/{ending_of(logo)};base64,{base64.b64encode(logo).decode()}"
        if logo else "",
        "lines": fixed, "choices": choices, "terms": blocks_of(quote.terms),
        "until": _day(quote), "closed": why_closed(quote), "decision": decision,
        "newest": newest_sent(quote),
        "decided": _moment(decision) if decision else "",
        "comments": QuoteComment.objects.filter(quote=quote).order_by("at", "pk"),
        "seen": fingerprint(said), "faults": faults or {}, "typed": request.POST,
        **_sums_of(said, link),
    }  # fmt: skip
    return render(request, "sales/quotes/public.html", facts, status=422 if faults else 200)


def _day(quote: Any) -> str:
    day = quote.valid_until
    return format_long_day(day, locale_of_quote(quote, workspace())) if day else ""


def _moment(decision: QuoteDecision) -> str:
    return format_moment(decision.at, translation.get_language() or "en", full=True)


def _sums_of(said: Any, link: QuoteLink) -> dict[str, Any]:
    locale = locale_of_quote(link.quote, workspace())
    sums = told_sums(said.sums, link.quote.currency, locale, INNER)
    total = next((one.amount for one in sums if "big" in one.tone), "")
    return {"sums": sums, "total": total}
