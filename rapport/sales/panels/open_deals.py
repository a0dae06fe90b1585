"""Open deals on the pages of people and companies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache, lru_cache
from typing import Any
from uuid import UUID

from django.contrib.postgres.aggregates import JSONBAgg
from django.db.models import F
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rapport.accounts.principals import Principal
from rapport.accounts.request import Request
from rapport.contacts.models import Company, Person
from rapport.kit.formats import format_day, format_money
from rapport.records import access, registry
from rapport.records.compiled import (
    Answers,
    Ask,
    Compiled,
    Given,
    JSONArray,
    compiled,
    decimal_of,
)
from rapport.records.kinds import words
from rapport.sales.models import Stage
from rapport.ui.components import icon

SHOWN = 6


@dataclass(frozen=True, slots=True)
class Step:
    """An open stage of a pipeline."""

    id: UUID
    position: int
    label: Mapping[str, str]
    usual_days: int | None


@dataclass(frozen=True, slots=True)
class Open:
    """An open deal as its card tells it."""

    id: UUID
    name: str
    amount: Decimal | None
    currency: str
    close_date: date | None
    pipeline_id: UUID | None
    stage_id: UUID | None
    stage_since: datetime | None


def ask_company_deals(principal: Principal, company: Company) -> Mapping[str, Ask]:
    """Open deals with a company."""
    return _asks(principal, "company_id", company.pk)


def ask_person_deals(principal: Principal, person: Person) -> Mapping[str, Ask]:
    """Open deals that a person has a part in."""
    return _asks(principal, "deal_people__person_id", person.pk)


def _asks(principal: Principal, through: str, record_id: UUID) -> Mapping[str, Ask]:
    reached = access.reach(principal, registry.get("deal"))
    hidden = access.unread(principal, "deal", "amount", "close_date", "stage_since")
    query = _open(registry.edition(), reached, through, hidden)
    return {"open": Ask(query, {"deals_of": record_id}), "stages": Ask(_stages())}


@lru_cache(maxsize=256)
def _open(_edition: int, reached: access.Reach, through: str, hidden: frozenset[str]) -> Compiled:
    deals = access.reached_rows(registry.get("deal"), reached)
    found = deals.filter(**{"state": "open", through: Given("deals_of")})
    days = [] if "close_date" in hidden else [F("close_date").asc(nulls_last=True)]
    soonest = found.order_by(*days, "id")
    card = JSONArray.without(
        hidden, "name", "amount", "currency", "close_date", "pipeline_id", "stage_id", "stage_since"
    )
    return compiled(soonest.values_list("pk", card)[: SHOWN + 1])


@cache
def _stages() -> Compiled:
    found = Stage.objects.filter(state="open", deleted_at__isnull=True).order_by()
    step = JSONArray("id", "position", "label", "usual_days")
    gathered = JSONBAgg(step, order_by=["position", "id"])
    by_pipeline = found.values("pipeline_id").annotate(gathered=gathered)
    return compiled(by_pipeline.values_list("pipeline_id", "gathered"))


def company_deals(request: Request, company: Company, answers: Answers) -> SafeString:
    """Open deals with a company."""
    return _deals(request.principal, answers, f"company={company.pk}")


def person_deals(request: Request, person: Person, answers: Answers) -> SafeString:
    """Open deals that a person has a part in."""
    return _deals(request.principal, answers, f"people={person.pk}")


def _deals(principal: Principal, answers: Answers, query: str) -> SafeString:
    deals = sorted((_deal(*one) for one in answers["open"]), key=_soonest)
    ladders: Mapping[UUID | None, Sequence[Step]] = {
        pipeline: [Step(UUID(key), *rest) for key, *rest in steps]
        for pipeline, steps in answers["stages"]
    }
    cards = [_card(deal, ladders.get(deal.pipeline_id, []), principal) for deal in deals[:SHOWN]]
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


def _deal(key: UUID, columns: Sequence[Any]) -> Open:
    name, amount, currency, closes, pipeline, stage, since = columns
    return Open(
        key,
        name,
        decimal_of(amount),
        currency,
        date.fromisoformat(closes) if closes else None,
        UUID(pipeline) if pipeline else None,
        UUID(stage) if stage else None,
        datetime.fromisoformat(since) if since else None,
    )


def _soonest(deal: Open) -> tuple[bool, date, UUID]:
    return (deal.close_date is None, deal.close_date or date.max, deal.id)


def _card(deal: Open, ladder: Sequence[Step], principal: Principal) -> SafeString:
    language, locale = principal.language, principal.locale or principal.language
    amount = "" if deal.amount is None else format_money(deal.amount, deal.currency, locale)
    closes = format_day(deal.close_date, locale, timezone.localdate()) if deal.close_date else ""
    return format_html(
        '<a class="reli" href="/deals/{}/"><span class="spread">'
        '<span class="medium trunc" dir="auto">{}</span><span class="num strong">{}</span></span>'
        '{}<span class="spread small muted"><span>{}</span><span>{}</span></span></a>',
        deal.id,
        deal.name,
        amount,
        _meter(deal, ladder, language),
        _stay(deal, ladder, language),
        _("Closes %(day)s") % {"day": closes} if closes else "",
    )


def _meter(deal: Open, ladder: Sequence[Step], language: str) -> SafeString:
    """How far a deal has come, as one step per open stage."""
    place = next((n for n, stage in enumerate(ladder) if stage.id == deal.stage_id), None)
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


def _stay(deal: Open, ladder: Sequence[Step], language: str) -> SafeString:
    """The stage and how long the deal has been there, with the usual time once that is over."""
    stage = next((one for one in ladder if one.id == deal.stage_id), None)
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
