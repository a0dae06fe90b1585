"""The versions of a quote: a card on its page, and what changed between two of them."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache
from itertools import pairwise
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.views.decorators.http import require_GET

from rapport.accounts.principals import Principal
from rapport.accounts.request import Request
from rapport.kit.formats import format_money, format_short_moment
from rapport.records import access, registry
from rapport.records.compiled import Answers, Ask, Compiled, Given, JSONArray, compiled, from_json
from rapport.records.surfaces.pages import page_context
from rapport.sales.models import Quote
from rapport.sales.models.quote import STATE_TONES, STATES
from rapport.sales.quotes.differing import differences
from rapport.sales.quotes.document import said_by
from rapport.sales.quotes.documents import quote_to_show

SHOWN = ("revision", "state", "sent_at", "gross", "currency")


def ask_versions(principal: Principal, quote: Quote) -> Mapping[str, Ask]:
    """The versions of a quote that its reader sees."""
    hidden = access.unread(principal, "quote", *SHOWN, "original")
    if hidden & {"revision", "original"}:
        return {}
    reached = access.reach(principal, registry.get("quote"))
    query = _versions(registry.edition(), reached, hidden)
    return {"versions": Ask(query, {"versions_of": quote.original_id or quote.pk})}


@lru_cache(maxsize=128)
def _versions(_edition: int, reached: access.Reach, hidden: frozenset[str]) -> Compiled:
    found = access.reached_rows(registry.get("quote"), reached)
    of_one = Q(pk=Given("versions_of")) | Q(original_id=Given("versions_of"))
    row = JSONArray.without(hidden, *SHOWN)
    return compiled(found.filter(of_one).order_by("-revision", "-pk").values_list("pk", row))


def version_list(request: Request, quote: Quote, answers: Answers) -> SafeString | str:
    """The versions of a quote, newest first; nothing where there is only one."""
    versions = answers.get("versions", ())
    if len(versions) < 2:
        return ""
    told = [_told(request, key, row) for key, row in versions]
    for one, before in pairwise(told):
        one["before"] = before["revision"]
    newest = told[0] if told[0]["key"] != quote.pk else None
    facts = {"versions": told, "newest": newest, "here": quote.pk}
    return render_to_string("sales/quotes/_versions.html", facts)


def _told(request: Request, key: UUID, row: Any) -> dict[str, Any]:
    revision, state, sent_at, gross, currency = row
    context, locale = page_context(request), _locale(request.principal)
    at = from_json(Quote._meta.get_field("sent_at"), sent_at)
    is_shown = gross is not None and currency
    return {
        "key": key, "revision": revision, "before": None,
        "state": STATES.get(state, ""), "tone": STATE_TONES.get(state, ""),
        "sent": format_short_moment(at.astimezone(context.timezone), context.language, None)
        if at else "",
        "gross": format_money(Decimal(str(gross)), currency, locale) if is_shown else "",
    }  # fmt: skip


@require_GET
def show_differences(request: Request, record_id: UUID) -> HttpResponse:
    """What changed from the version before, or another one, to this. Raises Missing, Denied."""
    principal = request.principal
    new = quote_to_show(principal, record_id)
    old = _version(principal, new, request.GET.get("from", ""))
    found, same = differences(said_by(old), said_by(new), _locale(principal))
    facts = {"old": old, "new": new, "differences": found, "same": same}
    return render(request, "sales/quotes/versions.html", facts)


def _version(principal: Principal, new: Quote, asked: str) -> Quote:
    """The version of this number, or else the last before this one. Raises Missing, Denied."""
    root = new.original_id or new.pk
    seen = access.rows(principal, "quote").filter(Q(pk=root) | Q(original=root))
    number = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 6 else 0
    wanted = Q(revision=number) if number else Q(revision__lt=new.revision)
    key = seen.filter(wanted).order_by("-revision").values_list("pk", flat=True).first()
    return quote_to_show(principal, key or new.pk)


def _locale(principal: Principal) -> str:
    return principal.locale or principal.language
