"""The buying committee of a deal: who they are, on which side, and who of us knows them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.contrib.postgres.aggregates import JSONBAgg
from django.db.models import F, OuterRef, Subquery, Value
from django.db.models.functions import Now
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from rapport.accounts.principals import Principal
from rapport.accounts.request import Request
from rapport.records import access, registry
from rapport.records.compiled import Answers, Ask, Compiled, Given, JSONArray, compiled
from rapport.records.models import Link
from rapport.sales.models import Deal, DealPerson, DealTie
from rapport.sales.models.deal_person import INFLUENCES, ROLES, STANCE_TONES, STANCES
from rapport.sales.parts.committee_map import Member, draw_map
from rapport.ui.components import avatar, icon, tag

#: What counts as contact between a colleague and a person, and for how long.
CONTACTS = {"call": "at", "meeting": "start"}
RECENT = timedelta(days=182)
MOST_COLLEAGUES = 3


def ask_deal_people(principal: Principal, deal: Deal) -> Mapping[str, Ask]:
    """Who has a part in a deal, who knows whom, and which colleagues had contact with them."""
    if access.unread(principal, "deal", "people"):
        return {}
    person, given = access.reach(principal, registry.get("person")), {"deal": deal.pk}
    hidden = access.unread(principal, "person", "job_title")
    asks = {"parts": Ask(_parts(registry.edition(), person, hidden), given)}
    if not access.unread(principal, "deal", "ties"):
        asks["ties"] = Ask(_ties(), given)
    for name, at in CONTACTS.items():
        if not access.unread(principal, name, "owner", at):
            reach = access.reach(principal, registry.get(name))
            asks[name] = Ask(_contacts(registry.edition(), name, reach), given)
    return asks


@lru_cache(maxsize=256)
def _parts(_edition: int, reached: access.Reach, hidden: frozenset[str]) -> Compiled:
    seen = access.reached_rows(registry.get("person"), reached)
    rows = DealPerson.objects.filter(deal_id=Given("deal"), person_id__in=seen.values("pk"))
    title = Value("") if "job_title" in hidden else F("person__job_title")
    part = JSONArray("person_id", "person__name", title, "role", "influence", "stance")
    gathered = JSONBAgg(part, order_by=["position", "id"])
    by_deal = rows.order_by().values("deal_id").annotate(gathered=gathered)
    return compiled(by_deal.values_list("deal_id", "gathered"))


@lru_cache(maxsize=1)
def _ties() -> Compiled:
    rows = DealTie.objects.filter(deal_id=Given("deal")).order_by()
    gathered = JSONBAgg(JSONArray("person_id", "knows_id"), order_by=["position", "id"])
    return compiled(
        rows.values("deal_id").annotate(gathered=gathered).values_list("deal_id", "gathered")
    )


@lru_cache(maxsize=256)
def _contacts(_edition: int, name: str, reached: access.Reach) -> Compiled:
    """By person the names of colleagues, one for each call or meeting that the reader may see."""
    declaration = registry.get(name)
    recent = access.reached_rows(declaration, reached).filter(
        **{f"{CONTACTS[name]}__gte": Now() - RECENT, f"{CONTACTS[name]}__lte": Now()}
    )
    own = declaration.model._default_manager.filter(pk=OuterRef("from_id"))
    people = DealPerson.objects.filter(deal_id=Given("deal")).values("person_id")
    links = Link.objects.filter(from_object=name, to_id__in=people, from_id__in=recent.values("pk"))
    named = links.order_by().annotate(who=Subquery(own.values("owner__name")[:1]))
    by_person = named.values("to_id").annotate(gathered=JSONBAgg("who"))
    return compiled(by_person.values_list("to_id", "gathered"))


def deal_people(request: Request, deal: Deal, answers: Answers) -> SafeString | str:
    """The map of those that were judged, and all of them in a list."""
    contacts: dict[UUID, Counter[str]] = defaultdict(Counter)
    for name in CONTACTS:
        for key, colleagues in answers.get(name, ()):
            contacts[key].update(one for one in colleagues if one)
    parts = [part for _deal, every in answers.get("parts", ()) for part in every]
    members = [_member(part, contacts) for part in parts]
    if not members:
        return ""
    pairs = [pair for _deal, every in answers.get("ties", ()) for pair in every]
    ties = [(UUID(one), UUID(other)) for one, other in pairs]
    return format_html("{}{}{}", _alone(deal, members), _map(members, ties), _list(members, ties))


def _member(part: Sequence[Any], contacts: Mapping[UUID, Mapping[str, int]]) -> Member:
    key, *told = part
    return Member(UUID(key), contacts.get(UUID(key), {}), *told)


def _alone(deal: Deal, members: Sequence[Member]) -> SafeString | str:
    """That all hangs on one person, while there is something to lose."""
    if len(members) > 1 or deal.state != "open":
        return ""
    text = _("Only one contact. If they leave, so may the deal.")
    return format_html(
        '<div class="reli"><span class="row sig small">{}{}</span></div>',
        icon("warn", small=True),
        text,
    )


def _map(members: Sequence[Member], ties: Sequence[tuple[UUID, UUID]]) -> SafeString | str:
    if not ties and not any(one.stance or one.influence for one in members):
        return ""
    return format_html('<div class="reli">{}</div>', draw_map(members, ties))


def _list(members: Sequence[Member], ties: Sequence[tuple[UUID, UUID]]) -> SafeString:
    names = {one.key: one.name for one in members}
    known: dict[UUID, list[str]] = defaultdict(list)
    for one, other in ties:
        if one in names and other in names:
            known[one].append(names[other])
            known[other].append(names[one])
    return format_html_join("", "{}", ((_person(one, known[one.key]),) for one in members))


def _person(one: Member, known: Sequence[str]) -> SafeString:
    tags = [tag(str(ROLES[one.role]))] if one.role in ROLES else []
    if one.stance in STANCES:
        tags.append(tag(str(STANCES[one.stance]), STANCE_TONES.get(one.stance, "plain")))
    notes = [one.job_title]
    if one.influence in INFLUENCES:
        words = {"influence": str(INFLUENCES[one.influence]).lower()}
        notes.append(_("Influence: %(influence)s") % words)
    if known:
        notes.append(_("Knows %(names)s") % {"names": ", ".join(known)})
    if one.contacts:
        notes.append(_contacted(one))
    lines = format_html_join(
        "", '<br><span class="small muted" dir="auto">{}</span>', ((n,) for n in notes if n)
    )
    return format_html(
        '<a class="reli" href="/people/{}/"><span class="row">{}<span>'
        '<span class="medium" dir="auto">{}</span>{}</span></span>'
        '<span class="row wrap">{}</span></a>',
        one.key,
        avatar(one.name, str(one.key)),
        one.name or _("No name yet"),
        lines,
        format_html_join(" ", "{}", ((one,) for one in tags)),
    )


def _contacted(one: Member) -> str:
    """Which colleagues talked with somebody lately, the most frequent first."""
    ranked = sorted(one.contacts.items(), key=lambda pair: (-pair[1], pair[0]))
    told = ", ".join(f"{name} {count}" for name, count in ranked[:MOST_COLLEAGUES])
    return _("Contacts in 6 months: %(who)s") % {"who": told}
