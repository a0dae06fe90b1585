"""Cards on the page of a territory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from uuid import UUID

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from rapport.accounts.principals import Principal
from rapport.accounts.request import Request
from rapport.geo.models import Territory
from rapport.records import access, registry
from rapport.records.compiled import Answers, Ask, Compiled, Given, JSONArray, compiled
from rapport.ui.components import avatar

SHOWN = 8
#: What a card says below the name.
FACTS = ("industry", "city")


def ask_companies(principal: Principal, territory: Territory) -> Mapping[str, Ask]:
    """The first companies of a territory, for who may know where they belong."""
    hidden = access.unread(principal, "company", "territory", *FACTS)
    if "territory" in hidden or not access.may(principal, "view", "company"):
        return {}
    reached = access.reach(principal, registry.get("company"))
    return {"companies": Ask(_companies(registry.edition(), reached, hidden), {"on": territory.pk})}


@lru_cache(maxsize=256)
def _companies(_edition: int, reached: access.Reach, hidden: frozenset[str]) -> Compiled:
    found = access.reached_rows(registry.get("company"), reached)
    found = found.filter(placing__territory_id=Given("on")).order_by("name", "id")
    card = JSONArray.without(hidden, "name", *FACTS)
    return compiled(found.values_list("pk", card)[: SHOWN + 1])


def territory_companies(request: Request, territory: Territory, answers: Answers) -> SafeString:
    """The companies of a territory; all of them are a list away."""
    companies = answers.get("companies", ())
    cards = format_html_join("", "{}", ((_card(*one),) for one in companies[:SHOWN]))
    if len(companies) <= SHOWN:
        return cards
    return format_html(
        '{}<a class="reli link small" href="/companies/?territory={}">{}</a>', cards,
        territory.pk, _("Show all"),
    )  # fmt: skip


def _card(key: UUID, facts: Sequence[str | None]) -> SafeString:
    name, *told = facts
    return format_html(
        '<a class="reli" href="/companies/{}/"><span class="row">{}<span class="grow">'
        '<span class="medium trunc" dir="auto">{}</span><br>'
        '<span class="small muted" dir="auto">{}</span></span></span></a>',
        key, avatar(name or "", key, org=True), name, " · ".join(one for one in told if one),
    )  # fmt: skip
