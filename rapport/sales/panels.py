"""Cards about deals on the pages of people, companies and the deals themselves."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rapport.accounts.principals import Principal
from rapport.accounts.request import Request
from rapport.contacts.models import Company, Person
from rapport.kit.formats import format_day, format_money
from rapport.records import access
from rapport.records.kinds import words
from rapport.sales.models import Deal, Stage
from rapport.sales.models.deal_person import ROLES
from rapport.ui.components import avatar, icon, tag

SHOWN = 6


def company_deals(request: Request, company: Company) -> SafeString:
    """Open deals with a company."""
    return _deals(request, {"company_id": company.pk}, f"company={company.pk}")


def person_deals(request: Request, person: Person) -> SafeString:
    """Open deals that a person has a part in."""
    return _deals(request, {"deal_people__person_id": person.pk}, f"people={person.pk}")


def _deals(request: Request, about: Mapping[str, Any], query: str) -> SafeString:
    principal = request.principal
    found = access.rows(principal, "deal").filter(state="open", **about)
    deals = list(found.order_by(F("close_date").asc(nulls_last=True), "id")[: SHOWN + 1])
    ladders = _ladders({deal.pipeline_id for deal in deals})
    cards = [_card(deal, ladders[deal.pipeline_id], principal) for deal in deals[:SHOWN]]
    if len(deals) > SHOWN:
        more = _("Show all deals")
        cards.append(format_html('<a class="reli link" href="/deals/?{}">{}</a>', query, more))
    if access.may(principal, "create", "deal"):
        cards.append(
            format_html(
                '<a class="reli link small" href="/deals/new/?{}" data-dialog-url="/deals/new/?{}">'
                '<span class="row">{}{}</span></a>',
                query,
                query,
                icon("plus", small=True),
                _("Add a deal"),
            )
        )
    return format_html_join("", "{}", ((card,) for card in cards))


def _ladders(pipelines: set[UUID | None]) -> Mapping[UUID | None, list[Stage]]:
    """The open stages of each pipeline, in order."""
    found: dict[UUID | None, list[Stage]] = defaultdict(list)
    stages: QuerySet[Stage] = Stage.objects.filter(
        pipeline_id__in=[key for key in pipelines if key], state="open", deleted_at__isnull=True
    )
    for stage in stages.order_by("position", "id"):
        found[stage.pipeline_id].append(stage)
    return found


def _card(deal: Deal, ladder: list[Stage], principal: Principal) -> SafeString:
    language, locale = principal.language, principal.locale or principal.language
    amount = "" if deal.amount is None else format_money(deal.amount, deal.currency, locale)
    closes = format_day(deal.close_date, locale, timezone.localdate()) if deal.close_date else ""
    return format_html(
        '<a class="reli" href="/deals/{}/"><span class="spread">'
        '<span class="medium trunc" dir="auto">{}</span><span class="num strong">{}</span></span>'
        '{}<span class="spread small muted"><span>{}</span><span>{}</span></span></a>',
        deal.pk,
        deal.name,
        amount,
        _meter(deal, ladder, language),
        _stay(deal, ladder, language),
        _("Closes %(day)s") % {"day": closes} if closes else "",
    )


def _meter(deal: Deal, ladder: list[Stage], language: str) -> SafeString:
    """How far a deal has come, as one step per open stage."""
    place = next((n for n, stage in enumerate(ladder) if stage.pk == deal.stage_id), None)
    if place is None:
        return SafeString("")
    label = _("Stage %(n)d of %(all)d, %(stage)s") % {
        "n": place + 1,
        "all": len(ladder),
        "stage": words(ladder[place].label, language),
    }
    steps = format_html_join(
        "", '<i class="{}"></i>',
        (("d" if n < place else "c" if n == place else "",) for n in range(len(ladder)))
    )  # fmt: skip
    return format_html('<span class="stg" role="img" aria-label="{}">{}</span>', label, steps)


def _stay(deal: Deal, ladder: list[Stage], language: str) -> SafeString:
    """The stage and how long the deal has been there, with the usual time once that is over."""
    stage = next((one for one in ladder if one.pk == deal.stage_id), None)
    if stage is None or deal.stage_since is None:
        return SafeString("")
    since: datetime = deal.stage_since
    days = max(0, (timezone.now() - since).days)
    time = ngettext("%(n)d day", "%(n)d days", days) % {"n": days}
    name = words(stage.label, language)
    if stage.usual_days is not None and days > stage.usual_days:
        late = _("%(time)s, usual %(usual)d") % {"time": time, "usual": stage.usual_days}
        return format_html('{}, <span class="sig medium">{}</span>', name, late)
    return format_html("{}, {}", name, time)


def deal_people(request: Request, deal: Deal) -> SafeString | str:
    """Who has a part in a deal."""
    principal = request.principal
    parts = deal.deal_people.order_by("position", "id").values_list("person_id", "role")
    people = access.rows(principal, "person").in_bulk([person for person, _role in parts])
    return format_html_join(
        "",
        "{}",
        ((_person(people[person], role),) for person, role in parts if person in people),
    )


def _person(person: Any, role: str) -> SafeString:
    part = tag(str(ROLES[role])) if role in ROLES else ""
    return format_html(
        '<a class="reli" href="/people/{}/"><span class="row">{}<span>'
        '<span class="medium" dir="auto">{}</span><br>'
        '<span class="small muted" dir="auto">{}</span></span></span>{}</a>',
        person.pk,
        avatar(person.name, person.pk),
        person.name or _("No name yet"),
        person.job_title,
        part,
    )
