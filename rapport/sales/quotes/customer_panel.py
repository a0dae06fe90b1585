"""What the customer did with a quote, on its page for colleagues."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.template.loader import render_to_string
from django.utils import timezone

from rapport.accounts.request import Request
from rapport.kit.formats import format_short_moment
from rapport.records import access
from rapport.records.surfaces.pages import page_context
from rapport.sales.models import Quote, QuoteComment, QuoteDecision, QuoteLink
from rapport.sales.models.quote_link import BYTES
from rapport.sales.quotes.documents import may_have_document


def customer_panel(request: Request, quote: Quote) -> str:
    """The link to the public page, how often it was opened, what was said and decided there."""
    if (
        quote.state == "draft"
        or quote.deleted_at
        or not may_have_document(request.principal, quote)
    ):
        return ""
    return render_to_string("sales/quotes/_customer.html", customer_facts(request, quote), request)


def customer_facts(request: Request, quote: Quote) -> dict[str, Any]:
    """What the panel shows, and whether its reader may do anything there."""
    now, context = timezone.now(), page_context(request)

    def told(at: Any) -> str:
        local = at.astimezone(context.timezone) if at else None
        return format_short_moment(local, context.language, None) if local else ""

    links = list(QuoteLink.objects.filter(quote=quote).order_by("-created_at"))
    decision = QuoteDecision.objects.filter(quote=quote).defer(*BYTES).first()
    live = next((one for one in links if not one.revoked_at and one.expires_at > now), None)
    may_edit = bool(access.reachable(request.principal, "quote", [quote.pk], "edit"))
    comments: list[Mapping[str, Any]] = [
        {"name": one.name, "text": one.text, "at": told(one.at), "is_ours": one.user_id is not None}
        for one in QuoteComment.objects.filter(quote=quote).order_by("at", "pk")
    ]
    opened = [one.last_opened_at for one in links if one.last_opened_at]
    first = [one.first_opened_at for one in links if one.first_opened_at]
    return {
        "quote": quote, "live": live, "until": told(live.expires_at) if live else "",
        "opened": sum(one.opened for one in links), "comments": comments, "may_edit": may_edit,
        "first": told(min(first)) if first else "", "last": told(max(opened)) if opened else "",
        "decision": decision, "decided": told(decision.at) if decision else "",
    }  # fmt: skip
