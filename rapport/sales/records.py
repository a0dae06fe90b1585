"""The declarations of deals, pipelines, stages and exchange rates, and what they add below."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from rapport.activities.queries import contact_fields
from rapport.records import kinds as k
from rapport.records import registry
from rapport.records.declare import (
    Action,
    Board,
    Expect,
    Gate,
    Keep,
    Object,
    Panel,
    Section,
    contribute,
    declare,
)
from rapport.records.kinds.choice import Choice
from rapport.records.kinds.other import words
from rapport.records.kinds.relation import Relation
from rapport.records.kinds.text import Text
from rapport.sales.actions import clone_deal, convert_lead, lose_deal, move_deal, win_deal
from rapport.sales.asking import ASKED_AT_THE_END, WHAT_TO_CLONE, WHAT_TO_CONVERT
from rapport.sales.contracts.records import ContractObject
from rapport.sales.goals.records import GoalObject
from rapport.sales.invoices.records import DisputeObject, InvoiceObject
from rapport.sales.models import (
    Deal,
    DealAnswer,
    DealCompetitor,
    DealPerson,
    DealSplit,
    DealTie,
    ExchangeRate,
    ForecastCall,
    Pipeline,
    Quota,
    Stage,
    StageStep,
)
from rapport.sales.models.deal import LOST_REASONS, WON_REASONS
from rapport.sales.orders.records import OrderObject
from rapport.sales.panels import (
    ask_company_deals,
    ask_deal_people,
    ask_person_deals,
    ask_playbook,
    ask_stages,
    company_deals,
    deal_people,
    person_deals,
    playbook,
    review,
    stage_exit,
    stages,
)
from rapport.sales.parts.competitors import Competitors
from rapport.sales.parts.deal_flags import DealFlags
from rapport.sales.parts.deal_people import DealPeople, DealTies
from rapport.sales.parts.open_deals import OpenDeals
from rapport.sales.parts.playbook import Playbook
from rapport.sales.parts.split import Split
from rapport.sales.parts.stage_gaps import StageGaps
from rapport.sales.parts.stage_gate import check_stages, note_stages
from rapport.sales.parts.stage_history import StageHistory
from rapport.sales.parts.stage_steps import StageSteps
from rapport.sales.parts.stage_words import state_of
from rapport.sales.queries import chance_of, first_pipeline, lanes, place_after, place_of
from rapport.sales.quotes.records import QuoteObject

__all__ = [
    "ContractObject", "DealObject", "DisputeObject", "ExchangeRateObject", "GoalObject",
    "InvoiceObject", "OrderObject", "PipelineObject", "QuoteObject", "StageObject",
]  # fmt: skip

BUSINESS = k.Privacy(k.NONE)
REVIEW = ("review_worked", "review_failed", "review_learnt")

registry.log(DealPerson, "deal_person", "deal_id")
registry.log(DealTie, "deal_tie", "deal_id")
registry.log(DealCompetitor, "deal_competitor", "deal_id")
registry.log(DealSplit, "deal_split", "deal_id")
registry.log(DealAnswer, "deal_answer", "deal_id")
registry.log(StageStep, "stage_step", "stage_id")
registry.grant(ForecastCall, "SELECT, INSERT")


@declare
class PipelineObject(Object):
    """A kind of sale with its own stages, such as new business or renewals."""

    model = Pipeline
    name, plural = "pipeline", "pipelines"
    label, label_plural = _("Pipeline"), _("Pipelines")
    icon = "flow"
    title = "label"
    columns = ("label", "position")
    quick = ("label", "position")
    sort = "position"
    sections = (Section(_("Pipeline"), ("label", "position", "external_id")),)
    access = "shared"
    made_when_asked = True
    privacy = BUSINESS

    @classmethod
    def stand_in(cls, rows: QuerySet[Any], text: str) -> tuple[UUID, str] | None:
        """A pipeline of another program becomes our first."""
        first = rows.order_by("position", "pk").first()
        return (first.pk, words(first.label, get_language() or "en")) if first else None

    @classmethod
    def named(cls, rows: QuerySet[Any], text: str, outer: UUID | None) -> dict[str, Any] | None:
        """A new pipeline comes after ours."""
        return {"label": {get_language() or "en": text}, "position": place_after(rows)}


@declare
class StageObject(Object):
    """A step of a pipeline, with the chance to win and the days a deal usually stays."""

    model = Stage
    name, plural = "stage", "stages"
    label, label_plural = _("Stage"), _("Stages")
    icon = "board"
    title = "label"
    named_by = ("state",)
    columns = ("label", "pipeline", "position", "probability", "state", "usual_days")
    quick = ("pipeline", "label", "position", "probability", "state", "usual_days")
    sort = "position"
    sections = (
        Section(_("Stage"), (
            "pipeline", "label", "position", "probability", "state", "forecast",
            "usual_days", "external_id",
        )),
        Section(_("What it asks of a deal"), ("required_fields", "exit_when")),
        Section(_("Playbook"), ("steps",)),
    )  # fmt: skip
    extra = {"steps": StageSteps(_("Playbook"), icon="task")}
    panels = (Panel("exit", _("When a deal goes on"), stage_exit),)
    access = "shared"
    within = "pipeline"
    made_when_asked = True
    privacy = BUSINESS

    @classmethod
    def stand_in(cls, rows: QuerySet[Any], text: str) -> tuple[UUID, str] | None:
        """Won and lost stay so under any name; what is open begins at the first stage."""
        found = rows.filter(state=state_of(text), pipeline__deleted_at=None)
        order = ("pipeline__position", "pipeline_id", "position", "pk")
        first = found.order_by(*order).first()
        return (first.pk, words(first.label, get_language() or "en")) if first else None

    @classmethod
    def named(cls, rows: QuerySet[Any], text: str, outer: UUID | None) -> dict[str, Any] | None:
        """A new stage stands in its pipeline, or in our first, by its chance, which its name says;
        it wins or loses by its name."""
        pipeline = outer or first_pipeline(rows)
        if pipeline is None:
            return None
        state, others = state_of(text), rows.filter(pipeline=pipeline)
        chance = chance_of(others, state, text)
        return {
            "pipeline": pipeline,
            "label": {get_language() or "en": text},
            "state": state,
            "probability": chance,
            "position": place_of(others, state, chance),
        }


@declare
class ExchangeRateObject(Object):
    """What one unit of a currency is worth in the workspace's currency from a day on."""

    model = ExchangeRate
    name, plural = "exchange_rate", "exchange-rates"
    label, label_plural = _("Exchange rate"), _("Exchange rates")
    icon = "swap"
    title = "currency"
    columns = ("currency", "day", "rate")
    quick = ("currency", "day", "rate")
    sort = "-day"
    sections = (Section(_("Exchange rate"), ("currency", "day", "rate")),)
    access = "shared"
    privacy = BUSINESS


@declare
class QuotaObject(Object):
    """What its owner is to win in a month, a quarter or a year."""

    model = Quota
    name, plural = "quota", "quotas"
    label, label_plural = _("Quota"), _("Quotas")
    icon = "target"
    title = "begins"
    columns = ("begins", "span", "owner", "amount")
    quick = ("owner", "span", "begins", "amount", "currency")
    sort = "-begins"
    sections = (
        Section(_("Quota"), ("owner", "span", "begins", "amount", "currency", "amount_base")),
        Section(_("More"), ("external_id", "created_at", "updated_at")),
    )
    match = (("external_id",),)
    privacy = BUSINESS


@declare
class DealObject(Object):
    """Business with a company that may be won, worth an amount, at a stage of a pipeline."""

    model = Deal
    name, plural = "deal", "deals"
    label, label_plural = _("Deal"), _("Deals")
    icon = "deal"
    menu, order = _("Relationships"), 40
    subtitle = "company"
    columns = ("name", "company", "amount", "stage", "pulse", "next_step", "close_date", "owner")
    sort = "close_date"
    header = ("amount", "stage", "pulse", "last_touch", "next_step")
    quick = ("name", "company", "amount", "currency", "stage", "close_date", "people")
    sections = (
        Section(_("Deal"), ("name", "company", "amount", "currency", "amount_base", "close_date")),
        Section(_("Progress"), ("pipeline", "stage", "probability", "forecast", "state",
        "stage_since", "closed_at", "playbook")),
        Section(_("People"), ("people", "ties")),
        Section(_("Competitors"), ("competitors",)),
        Section(_("Outcome"), ("won_reason", "lost_reason", "lost_note", *REVIEW)),
        Section(_("Relationship"), ("owner", "split", "source", "lead", "tags")),
        Section(_("More"), ("description", "external_id", "created_at", "updated_at")),
    )  # fmt: skip
    board = Board(
        by="stage", total="amount_base", weight="probability", lanes=lanes, rotting="stage_since",
        action="move",
        card=("company", "tags", "pulse", "amount", "close_date", "next_step"),
    )  # fmt: skip
    expects = (
        Expect("amount", 30), Expect("close_date", 25), Expect("people", 25), Expect("company", 20),
    )  # fmt: skip
    worth = "amount"
    keeps = (
        Keep(
            _("Won deals"), {"field": "state", "op": "is", "value": "won"},
            ("amount", "currency", "close_date", "closed_at"),
            _("Move it back to an open stage first."),
        ),
    )  # fmt: skip
    gates = (Gate(frozenset({"stage", "pipeline"}), note_stages, check_stages),)
    match = (("external_id",), ("name", "company"))
    described = {
        "company": ("domain", "website", "industry", "street", "city", "postal_code", "country"),
        "people": ("first_name", "last_name", "job_title", "emails", "phones"),
    }
    has_timeline = True
    extra = {
        "people": DealPeople(
            _("People"), icon="users", personal=k.Privacy(k.PERSONAL, purpose="relationship"),
            synonyms=("contact", "contacts", "contact name", "associated contact", "contacto",
            "person"),
        ),
        "ties": DealTies(
            _("Who knows whom"), icon="link", personal=k.Privacy(k.PERSONAL, purpose="relationship")
        ),
        "tags": k.Links(
            _("Tags"), to="tag", role="tag", icon="tag", synonyms=("tags", "labels", "etiquetas")
        ),
        "competitors": Competitors(_("Competitors"), icon="target"),
        "split": Split(_("Split credit"), icon="percent"),
        "stage_history": StageHistory(_("Stages so far"), icon="flow"),
        "playbook": Playbook(_("Playbook"), icon="task"),
        "stage_gaps": StageGaps(_("Missing at its stage"), icon="alert"),
        "flags": DealFlags(_("Worth a look"), icon="flag"),
        **contact_fields(over=Q(state__in=("won", "lost"))),
    }  # fmt: skip
    panels = (
        Panel("people", _("People"), deal_people, order=10, asks=ask_deal_people),
        Panel("playbook", _("Playbook"), playbook, order=5, asks=ask_playbook),
        Panel("review", _("Review"), review, order=15),
        Panel("stages", _("How it came here"), stages, order=20, asks=ask_stages),
    )
    actions = (
        Action(
            "win", _("Mark as won"), win_deal, icon="award",
            form={"won_reason": Choice(_("Won because"), WON_REASONS), **ASKED_AT_THE_END},
            applies=lambda deal: deal.state != "won",
            form_may_wait=True,
            takes_more=True,
        ),
        Action(
            "move", _("Move to…"), move_deal, icon="board",
            form={"stage": Relation(_("Stage"), "sales.Stage", to="stage", required=True)},
            takes_more=True,
        ),
        Action(
            "lose", _("Mark as lost"), lose_deal, icon="x",
            form={
                "lost_reason": Choice(_("Lost because"), LOST_REASONS, required=True),
                "lost_note": Text(_("What happened")),
                **ASKED_AT_THE_END,
            },
            applies=lambda deal: deal.state != "lost",
            takes_more=True,
        ),
        Action("clone", _("Clone"), clone_deal, icon="copy", form=WHAT_TO_CLONE),
    )  # fmt: skip
    privacy = BUSINESS


contribute(
    "person",
    fields={"open_deals": OpenDeals(_("Open deals"), "deal_people__person_id", icon="deal")},
    columns={"open_deals": "lifecycle"},
    header=("open_deals",),
    panels=(Panel("deals", _("Deals"), person_deals, order=20, asks=ask_person_deals),),
)
contribute(
    "company",
    fields={"open_deals": OpenDeals(_("Open deals"), "company_id", icon="deal")},
    columns={"open_deals": "lifecycle"},
    header=("open_deals",),
    panels=(Panel("deals", _("Deals"), company_deals, order=20, asks=ask_company_deals),),
)
contribute(
    "lead",
    actions=(
        Action(
            "convert",
            _("Convert"),
            convert_lead,
            icon="handshake",
            order=10,
            form=WHAT_TO_CONVERT,
            applies=lambda lead: lead.converted_at is None,
        ),
    ),
)
