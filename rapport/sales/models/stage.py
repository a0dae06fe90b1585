"""A step on the way of a deal."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from rapport.records import kinds as k
from rapport.records.models import Record
from rapport.sales.parts.stage_rules import deal_fields, exit_condition

STATES = {"open": _("Open"), "won": _("Won"), "lost": _("Lost")}
FORECASTS = {
    "commit": _("Commit"),
    "best_case": _("Best case"),
    "pipeline": pgettext_lazy("forecast", "Pipeline"),
    "omitted": _("Left out"),
}
FORECAST_TONES = {"commit": "good", "best_case": "info", "omitted": "warn"}
STATE_TONES = {"open": "info", "won": "good", "lost": "bad"}


class Stage(Record):
    """A step of a pipeline, with the chance to win and the days a deal usually stays."""

    pipeline = k.relation(
        _("Pipeline"), "sales.Pipeline", to="pipeline", required=True, related_name="stages",
        index=True,
        synonyms=("pipeline id",),
    )  # fmt: skip
    label = k.label(_("Name"), required=True, synonyms=("name", "stage", "stage name", "etapa"))
    position = k.integer(_("Position"), default=0, index=True, synonyms=("display order",))
    probability = k.percent(_("Probability"), low=0, high=100, default=0, synonyms=("chance",))
    state = k.choice(
        _("Counts as"),
        STATES,
        tones=STATE_TONES,
        default="open",
        required=True,
        synonyms=("state",),
    )
    usual_days = k.integer(
        _("Usual days"), low=0, help=_("After this many days a deal here counts as quiet too long.")
    )
    required_fields = deal_fields(
        _("Asks for"), help=_("A deal needs these before it comes here or to a later stage.")
    )
    exit_when = exit_condition(
        _("Is left once"),
        help=_(
            "A condition that a deal meets before it goes on, such as amount>1000. The stage's page"
            " builds it of parts."
        ),
    )
    forecast = k.choice(
        _("Forecast"),
        FORECASTS,
        tones=FORECAST_TONES,
        help=_("Where its deals stand in the forecast; left empty, their chance decides."),
        synonyms=("forecast category", "forecastcategory", "categoría de previsión"),
    )
    external_id = k.text(_("External ID"), index=True, synonyms=("id", "stage id"))
