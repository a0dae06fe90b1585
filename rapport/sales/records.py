"""The declarations of deals, pipelines, stages and exchange rates, and what they add below."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from rapport.records import kinds as k
from rapport.records import registry
from rapport.records.declare import Board, Object, Section, declare
from rapport.sales.models import Deal, DealPerson, ExchangeRate, Pipeline, Stage
from rapport.sales.queries import lanes

BUSINESS = k.Privacy(k.NONE)

registry.log(DealPerson, "deal_person", "deal_id")


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
    privacy = BUSINESS


@declare
class StageObject(Object):
    """A step of a pipeline, with the chance to win and the days a deal usually stays."""

    model = Stage
    name, plural = "stage", "stages"
    label, label_plural = _("Stage"), _("Stages")
    icon = "board"
    title = "label"
    columns = ("label", "pipeline", "position", "probability", "state", "usual_days")
    quick = ("pipeline", "label", "position", "probability", "state", "usual_days")
    sort = "position"
    sections = (
        Section(_("Stage"), (
            "pipeline", "label", "position", "probability", "state", "usual_days", "external_id",
        )),
    )  # fmt: skip
    access = "shared"
    privacy = BUSINESS


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
class DealObject(Object):
    """Business with a company that may be won, worth an amount, at a stage of a pipeline."""

    model = Deal
    name, plural = "deal", "deals"
    label, label_plural = _("Deal"), _("Deals")
    icon = "deal"
    menu, order = _("Relationships"), 40
    subtitle = "company"
    columns = ("name", "company", "amount", "stage", "close_date", "owner")
    sort = "close_date"
    quick = ("name", "company", "amount", "currency", "pipeline", "stage", "close_date")
    sections = (
        Section(_("Deal"), ("name", "company", "amount", "currency", "amount_base", "close_date")),
        Section(_("Progress"), ("pipeline", "stage", "probability", "state", "stage_since",
        "closed_at")),
        Section(_("Outcome"), ("lost_reason", "lost_note")),
        Section(_("Relationship"), ("owner", "source", "lead", "tags")),
        Section(_("More"), ("description", "external_id", "created_at", "updated_at")),
    )  # fmt: skip
    board = Board(
        by="stage", total="amount_base", weight="probability", lanes=lanes, rotting="stage_since",
        card=("company", "name", "amount", "close_date", "owner"),
    )  # fmt: skip
    has_timeline = True
    extra = {
        "tags": k.Links(
            _("Tags"), to="tag", role="tag", icon="tag", synonyms=("tags", "labels", "etiquetas")
        ),
    }
    privacy = BUSINESS
