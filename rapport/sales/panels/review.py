"""What was learnt of a deal that is closed, or that nobody has said it yet."""

from __future__ import annotations

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from rapport.accounts.request import Request
from rapport.records import access, registry
from rapport.sales.models import Deal

ASKED = ("review_worked", "review_failed", "review_learnt")


def review(request: Request, deal: Deal) -> SafeString | str:
    """The review of a closed deal, with the way to write it and to those of all deals."""
    hidden = access.unread(request.principal, "deal", "state", *ASKED)
    if deal.state == "open" or "state" in hidden:
        return ""
    fields = registry.get("deal").fields
    told = [
        (fields[name].label, getattr(deal, name))
        for name in ASKED
        if name not in hidden and getattr(deal, name)
    ]
    lines = format_html_join(
        "",
        '<div class="reli"><span class="small muted">{}</span><span dir="auto">{}</span></div>',
        told,
    )
    return format_html("{}{}{}", lines, "" if told else _ask(request, deal), _all())


def _ask(request: Request, deal: Deal) -> SafeString | str:
    editable = access.fields(request.principal, "deal").editable
    if not set(ASKED) & editable or not access.reachable(
        request.principal, "deal", [deal.pk], "edit"
    ):
        return ""
    text = _("Nothing said yet: what worked, what did not, what do we learn?")
    url = f"/deals/{deal.pk}/edit/#f-{ASKED[0]}"
    return format_html('<a class="reli link small" href="{}">{}</a>', url, text)


def _all() -> SafeString:
    text = _("Won and lost by quarter")
    return format_html('<a class="reli link small" href="/outcomes/">{}</a>', text)
