"""The lines of a quote on its page, and quotes on the pages of deals and companies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.contrib.postgres.aggregates import JSONBAgg
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from rapport.accounts.principals import Principal
from rapport.accounts.request import Request
from rapport.contacts.models import Company
from rapport.kit.formats import format_money
from rapport.records import access, registry
from rapport.records.compiled import Answers, Ask, Compiled, Given, JSONArray, compiled
from rapport.sales.models import Deal, Quote, QuoteLine
from rapport.sales.models.quote import STATE_TONES, STATES
from rapport.sales.parts.approval import compiled_rules, least_discount
from rapport.sales.parts.availability import ASKED, Wanted, ready_lines
from rapport.sales.quotes.lines import NAMES, told_line, with_limit, with_readiness
from rapport.sales.quotes.sums import COLUMNS, told_sums
from rapport.ui.components import icon, tag

SHOWN = 6
FIELDS_OF_SUMS = COLUMNS[:-1]


def ask_lines(principal: Principal, quote: Quote) -> Mapping[str, Ask]:
    """The lines of a quote and what they come to."""
    hidden = access.unread(principal, "quote", "lines", *FIELDS_OF_SUMS)
    sums = {"sums": Ask(_sums(hidden), {"summed": quote.pk})}
    if quote.state == "draft":
        sums["rules"] = Ask(compiled_rules(), {})
    return sums if "lines" in hidden else {**sums, "lines": Ask(_lines(), {"lined": quote.pk})}


@lru_cache(maxsize=1)
def _lines() -> Compiled:
    rows = QuoteLine.objects.filter(quote_id=Given("lined")).order_by()
    gathered = JSONBAgg(JSONArray(*NAMES), order_by=["position", "id"])
    of_quote = rows.values("quote_id").annotate(gathered=gathered)
    return compiled(of_quote.values_list("quote_id", "gathered"))


@lru_cache(maxsize=64)
def _sums(hidden: frozenset[str]) -> Compiled:
    left_out = hidden | ({"taxes"} if "tax" in hidden else frozenset())
    found = Quote.objects.filter(pk=Given("summed")).order_by()
    row = JSONArray.without(left_out, *COLUMNS, "currency")
    return compiled(found.values_list("pk", row))


def quote_lines(request: Request, quote: Quote, answers: Answers) -> SafeString | str:
    """The lines of a quote and what they come to."""
    principal = request.principal
    locale = principal.locale or principal.language
    ((_pk, row),) = answers["sums"]
    sums, currency = dict(zip(COLUMNS, row, strict=False)), row[-1]
    rows = [
        dict(zip(NAMES, line, strict=True))
        for _quote, gathered in answers.get("lines", ())
        for line in gathered
    ]
    if not rows:
        return ""
    lines = [told_line(row, currency, locale) for row in rows]
    if quote.state == "draft":
        lines = with_limit(lines, rows, least_discount(answers.get("rules", ())))
    if quote.state in ASKED["quote"]:
        lines = with_readiness(lines, _ready(principal, quote, rows), locale)
    told = told_sums(sums, currency, locale, access.unread(principal, "quote", *FIELDS_OF_SUMS))
    has_ready = any(one.ready for one in lines)
    pdf = "" if quote.deleted_at else reverse("quote_document", args=[quote.pk])
    facts = {"lines": lines, "sums": told, "pdf": pdf, "has_ready": has_ready}
    return render_to_string("sales/quotes/_lines.html", facts)


def _ready(principal: Principal, quote: Quote, rows: Sequence[Mapping[str, Any]]) -> Any:
    """By line, when it can be sent."""
    wanted = [
        Wanted(quote.pk, UUID(row["id"]), UUID(row["product_id"]), Decimal(row["quantity"]))
        for row in rows
        if row["product_id"]
    ]
    return ready_lines(principal, wanted, {})


def ask_deal_quotes(principal: Principal, deal: Deal) -> Mapping[str, Ask]:
    """The quotes for a deal."""
    return _asks(principal, "deal", deal.pk)


def ask_company_quotes(principal: Principal, company: Company) -> Mapping[str, Ask]:
    """The quotes for a company."""
    return _asks(principal, "company", company.pk)


def _asks(principal: Principal, through: str, record_id: UUID) -> Mapping[str, Ask]:
    names = ("name", "number", "state", "net", "currency", "day", through)
    hidden = access.unread(principal, "quote", *names)
    if through in hidden or not access.may(principal, "view", "quote"):
        return {}
    reached = access.reach(principal, registry.get("quote"))
    query = _quotes(registry.edition(), reached, through, hidden)
    return {"quotes": Ask(query, {"quotes_of": record_id})}


@lru_cache(maxsize=128)
def _quotes(_edition: int, reached: access.Reach, through: str, hidden: frozenset[str]) -> Compiled:
    found = access.reached_rows(registry.get("quote"), reached)
    of_record = found.filter(**{f"{through}_id": Given("quotes_of")})
    card = JSONArray.without(hidden, "name", "number", "state", "net", "currency")
    days = [] if "day" in hidden else ["-day"]
    return compiled(of_record.order_by(*days, "-pk").values_list("pk", card)[: SHOWN + 1])


def deal_quotes(request: Request, deal: Deal, answers: Answers) -> SafeString:
    """The quotes for a deal."""
    return _cards(request.principal, answers, f"deal={deal.pk}")


def company_quotes(request: Request, company: Company, answers: Answers) -> SafeString:
    """The quotes for a company."""
    return _cards(request.principal, answers, f"company={company.pk}")


def _cards(principal: Principal, answers: Answers, query: str) -> SafeString:
    if "quotes" not in answers:
        return SafeString("")
    quotes = answers["quotes"]
    locale = principal.locale or principal.language
    cards = [_card(key, row, locale) for key, row in quotes[:SHOWN]]
    if len(quotes) > SHOWN:
        more = _("Show all quotes")
        cards.append(format_html('<a class="reli link" href="/quotes/?{}">{}</a>', query, more))
    if access.may(principal, "create", "quote"):
        cards.append(
            format_html(
                '<a class="reli link small" href="/quotes/new/?{}"><span class="row">{}{}</span>'
                "</a>",
                query, icon("plus", small=True), _("Add a quote"),
            )
        )  # fmt: skip
    return format_html_join("", "{}", ((card,) for card in cards))


def _card(key: UUID, row: Any, locale: str) -> SafeString:
    name, number, state, net, currency = row
    amount = "" if net is None else format_money(Decimal(str(net)), currency, locale)
    return format_html(
        '<a class="reli" href="/quotes/{}/"><span class="spread">'
        '<span class="medium trunc" dir="auto">{}</span><span class="num strong">{}</span></span>'
        '<span class="spread small muted"><span>{}</span>{}</span></a>',
        key, name or _("No name yet"), amount, number or "",
        tag(str(STATES[state]), STATE_TONES.get(state, "")) if state in STATES else "",
    )  # fmt: skip
