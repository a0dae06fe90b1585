"""Orders, invoices and disputes as cards on the pages of what they are for."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from rapport.accounts.principals import Principal
from rapport.accounts.request import Request
from rapport.kit.formats import format_money
from rapport.records import access, registry
from rapport.records.compiled import Answers, Ask, Compiled, Given, JSONArray, compiled
from rapport.ui.components import icon, tag

SHOWN = 6
#: What a card tells: its title, what stands below it, its state, its amount.
TOLD = {
    "order": ("name", "number", "state", "net", "currency"),
    "invoice": ("name", "number", "state", "gross", "currency"),
    "contract": ("name", "number", "state", "mrr", "currency"),
    "dispute": ("name", "reason", "state", "amount", "currency"),
}
DAYS = {"contract": "start", "dispute": "due"}


def ask_cards(name: str, through: str, principal: Principal, record: Any) -> Mapping[str, Ask]:
    """The documents called `name` whose field `through` is the record."""
    hidden = access.unread(principal, name, *TOLD[name], DAYS.get(name, "day"), through)
    if through in hidden or not access.may(principal, "view", name):
        return {}
    reached = access.reach(principal, registry.get(name))
    query = _documents(registry.edition(), reached, name, through, hidden)
    return {f"{name}s": Ask(query, {f"{name}s_of": record.pk})}


@lru_cache(maxsize=256)
def _documents(
    _edition: int, reached: access.Reach, name: str, through: str, hidden: frozenset[str]
) -> Compiled:
    found = access.reached_rows(registry.get(name), reached)
    of_record = found.filter(**{f"{through}_id": Given(f"{name}s_of")})
    day = DAYS.get(name, "day")
    days = [] if day in hidden else [f"-{day}"]
    card = JSONArray.without(hidden, *TOLD[name])
    return compiled(of_record.order_by(*days, "-pk").values_list("pk", card)[: SHOWN + 1])


def draw_cards(
    name: str, through: str, request: Request, record: Any, answers: Answers, adds: bool = True
) -> SafeString:
    """The newest of them, and where to add one."""
    if f"{name}s" not in answers:
        return SafeString("")
    principal, declaration = request.principal, registry.get(name)
    found, query = answers[f"{name}s"], f"{through}={record.pk}"
    locale = principal.locale or principal.language
    cards = [_card(name, key, row, locale) for key, row in found[:SHOWN]]
    if len(found) > SHOWN:
        more = _("Show all")
        address = f"{declaration.url()}?{query}"
        cards.append(format_html('<a class="reli link" href="{}">{}</a>', address, more))
    if adds and access.may(principal, "create", name):
        label = _("Add: %(object)s") % {"object": declaration.label}
        cards.append(
            format_html(
                '<a class="reli link small" href="{}new/?{}"><span class="row">{}{}</span></a>',
                declaration.url(), query, icon("plus", small=True), label,
            )
        )  # fmt: skip
    return format_html_join("", "{}", ((card,) for card in cards))


def _card(name: str, key: UUID, row: Any, locale: str) -> SafeString:
    title, number, state, worth, currency = row
    declaration = registry.get(name)
    kind: Any = declaration.fields["state"]
    amount = "" if worth is None else format_money(Decimal(str(worth)), currency, locale)
    below: Any = declaration.fields[TOLD[name][1]]
    named = getattr(below, "options", {}).get(number, number)
    return format_html(
        '<a class="reli" href="{}"><span class="spread">'
        '<span class="medium trunc" dir="auto">{}</span><span class="num strong">{}</span></span>'
        '<span class="spread small muted"><span>{}</span>{}</span></a>',
        declaration.url(key), title or _("No name yet"), amount, named or "",
        tag(str(kind.options[state]), kind.tones.get(state, "")) if state in kind.options else "",
    )  # fmt: skip
