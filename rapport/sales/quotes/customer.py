"""What colleagues do about the public page of a quote: give out its link, take it back, answer."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.db.models import Q
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from rapport.accounts.links import digest_of, new_secret, site_of_mail
from rapport.accounts.principals import Principal
from rapport.accounts.request import Request
from rapport.records import access
from rapport.records.store import Missing, Rejected
from rapport.sales.models import Quote, QuoteComment, QuoteDecision, QuoteLink
from rapport.sales.quotes.answering import COMMENT, plain_text
from rapport.sales.quotes.documents import pdf_answer, quote_to_show
from rapport.sales.quotes.public import days_open
from rapport.ui.toasts import toast_after_redirect


@never_cache
@require_POST
def make_link(request: Request, record_id: UUID) -> HttpResponse:
    """Give out a new link, which closes those before; its address is shown this once."""
    quote = quote_to_answer(request.principal, record_id)
    try:
        address, link = give_link(request, quote)
    except Rejected as refused:
        return _refused(request, quote, str(refused))
    facts = {"quote": quote, "address": address, "until": link.expires_at}
    return render(request, "sales/quotes/link_made.html", facts)


@require_POST
def revoke_links(request: Request, record_id: UUID) -> HttpResponse:
    """Have no link open the quote any more, those of older versions neither: they lead to it."""
    quote = quote_to_answer(request.principal, record_id)
    if close_links(quote):
        toast_after_redirect(request, _("The link opens nothing any more."))
    return redirect(f"/quotes/{quote.pk}/")


@require_POST
def answer(request: Request, record_id: UUID) -> HttpResponse:
    """Answer the customer on the public page."""
    quote = quote_to_answer(request.principal, record_id)
    text = plain_text(request.POST.get("text", ""), COMMENT)
    if not text or quote.state == "draft":
        return _refused(request, quote, _("Write what the customer is to read."))
    name = request.user.name[:120]
    QuoteComment.objects.create(quote=quote, name=name, text=text, user=request.user)
    toast_after_redirect(request, _("It stands on the customer's page."))
    return redirect(f"/quotes/{quote.pk}/")


@require_GET
def show_signed(request: Request, record_id: UUID) -> HttpResponseBase:
    """What the customer signed, with the page that proves it. Raises Missing, Denied."""
    quote, decision = _accepted(request.principal, record_id)
    return pdf_answer(bytes(decision.signed), f"{quote.number}-signed.pdf")


@require_GET
def show_accepted(request: Request, record_id: UUID) -> HttpResponseBase:
    """The document whose fingerprint that page tells. Raises Missing, Denied."""
    quote, decision = _accepted(request.principal, record_id)
    return pdf_answer(bytes(decision.document), f"{quote.number}.pdf")


def _accepted(principal: Principal, record_id: UUID) -> tuple[Quote, QuoteDecision]:
    quote = quote_to_show(principal, record_id)
    decision = QuoteDecision.objects.filter(quote=quote, is_accepted=True).first()
    if decision is None:
        raise Missing(_("Nobody has signed this quote."))
    return quote, decision


def quote_to_answer(principal: Principal, record_id: UUID) -> Quote:
    """A quote that the principal may change and all of which he sees. Raises Missing, Denied."""
    quote = quote_to_show(principal, record_id)
    access.check(principal, "edit", "quote")
    if not access.reachable(principal, "quote", [quote.pk], "edit"):
        raise access.Denied(_("This record is not yours to change."))
    return quote


def give_link(request: Request, quote: Quote) -> tuple[str, QuoteLink]:
    """A new link and its address, which is kept nowhere. Raises Rejected for a draft."""
    if quote.state == "draft":
        raise Rejected({"": _("Send the quote first: a draft has no page.")})
    secret, now = new_secret(), timezone.now()
    _revoke(quote)
    link = QuoteLink.objects.create(
        quote=quote, digest=digest_of(secret), created_by_id=request.principal.user_id,
        expires_at=now + timedelta(days=days_open(quote)),
    )  # fmt: skip
    return f"{site_of_mail(request.workspace)}/q/{secret}/", link


def close_links(quote: Quote) -> int:
    """Close the links of a quote, and those of older versions, which lead to it; how many."""
    root = quote.original_id or quote.pk
    older = Quote.objects.filter(Q(pk=root) | Q(original=root), revision__lt=quote.revision)
    return _revoke(quote, *older)


def _revoke(*quotes: Quote) -> int:
    return QuoteLink.objects.filter(quote__in=quotes, revoked_at=None).update(
        revoked_at=timezone.now()
    )


def _refused(request: Request, quote: Quote, sentence: str) -> HttpResponse:
    facts = {"quote": quote, "said": sentence, "typed": request.POST.get("text", "")}
    return render(request, "sales/quotes/customer_refused.html", facts, status=422)
