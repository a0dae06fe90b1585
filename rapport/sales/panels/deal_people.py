"""Who has a part in a deal, on its page."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from django.contrib.postgres.aggregates import JSONBAgg
from django.db.models import F, Value
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from rapport.accounts.principals import Principal
from rapport.accounts.request import Request
from rapport.records import access, registry
from rapport.records.compiled import Answers, Ask, Compiled, Given, JSONArray, compiled
from rapport.sales.models import Deal, DealPerson
from rapport.sales.models.deal_person import ROLES
from rapport.ui.components import avatar, tag


def ask_deal_people(principal: Principal, deal: Deal) -> Mapping[str, Ask]:
    """Who has a part in a deal."""
    reached = access.reach(principal, registry.get("person"))
    hidden = access.unread(principal, "person", "job_title")
    return {"parts": Ask(_parts(registry.edition(), reached, hidden), {"deal": deal.pk})}


@lru_cache(maxsize=256)
def _parts(_edition: int, reached: access.Reach, hidden: frozenset[str]) -> Compiled:
    seen = access.reached_rows(registry.get("person"), reached)
    rows = DealPerson.objects.filter(deal_id=Given("deal"), person_id__in=seen.values("pk"))
    title = Value("") if "job_title" in hidden else F("person__job_title")
    part = JSONArray("person_id", "person__name", title, "role")
    gathered = JSONBAgg(part, order_by=["position", "id"])
    by_deal = rows.order_by().values("deal_id").annotate(gathered=gathered)
    return compiled(by_deal.values_list("deal_id", "gathered"))


def deal_people(request: Request, deal: Deal, answers: Answers) -> SafeString | str:
    """Who has a part in a deal."""
    parts = (part for _deal, gathered in answers["parts"] for part in gathered)
    return format_html_join("", "{}", ((_person(*part),) for part in parts))


def _person(key: str, name: str, job_title: str, role: str) -> SafeString:
    part = tag(str(ROLES[role])) if role in ROLES else ""
    return format_html(
        '<a class="reli" href="/people/{}/"><span class="row">{}<span>'
        '<span class="medium" dir="auto">{}</span><br>'
        '<span class="small muted" dir="auto">{}</span></span></span><span>{}</span></a>',
        key,
        avatar(name, key),
        name or _("No name yet"),
        job_title,
        part,
    )
