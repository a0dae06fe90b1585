"""Business that may be won."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from rapport.records import kinds as k
from rapport.records.models import Record
from rapport.sales.models.stage import FORECAST_TONES, FORECASTS, STATE_TONES, STATES

LOST_REASONS = {
    "price": _("Price"),
    "competitor": _("Went to a competitor"),
    "timing": _("Bad timing"),
    "no_budget": _("No budget"),
    "no_need": _("No need"),
    "features": _("Something was missing"),
    "no_answer": _("No answer any more"),
    "other": _("Other"),
}
WON_REASONS = {
    "fit": _("Fits best"),
    "price": _("Price"),
    "trust": _("They trust us"),
    "service": _("Service"),
    "speed": _("We were faster"),
    "relationship": _("Known for long"),
    "other": _("Other"),
}


class Deal(Record):
    """Business with a company that may be won, worth an amount, at a stage of a pipeline."""

    name = k.text(
        _("Name"), required=True, search=True, icon="deal",
        synonyms=(
            "deal name", "dealname", "opportunity name", "opportunity", "deal", "title",
            "nombre del negocio",
            "oportunidad", "negocio", "nombre",
        ),
    )  # fmt: skip
    company = k.relation(
        _("Company"), "contacts.Company", to="company", related_name="deals", icon="org",
        synonyms=(
            "company name", "account", "account name", "associated company", "organization",
            "customer",
            "empresa", "cliente", "firma",
        ),
    )  # fmt: skip
    pipeline = k.relation(
        _("Pipeline"), "sales.Pipeline", to="pipeline", related_name="deals", icon="flow",
        synonyms=("deal pipeline", "pipeline name", "embudo"),
    )  # fmt: skip
    stage = k.relation(
        _("Stage"), "sales.Stage", to="stage", related_name="deals", icon="board",
        synonyms=("deal stage", "dealstage", "stage name", "stagename", "sales stage", "etapa",
        "fase", "phase"),
    )  # fmt: skip
    amount = k.money(
        _("Amount"), base="amount_base", icon="money", index=True,
        synonyms=("value", "deal value", "deal amount", "close value", "importe", "valor",
        "betrag", "wert"),
    )  # fmt: skip
    currency = k.currency(
        _("Currency"),
        synonyms=("currency code", "deal currency code", "currencyisocode", "moneda", "währung"),
    )
    amount_base = k.base_amount(_("Amount in our currency"))
    close_date = k.date(
        _("Closes"), index=True, icon="cal",
        synonyms=(
            "close date", "closedate", "expected close date", "closing date", "fecha de cierre",
            "abschlussdatum",
        ),
    )  # fmt: skip
    probability = k.percent(
        _("Probability"), low=0, high=100, icon="percent",
        help=_("Follows the stage; what you set stays until the stage changes."),
        synonyms=("chance", "probability (%)", "deal probability", "probabilidad"),
    )  # fmt: skip
    forecast = k.choice(
        _("Forecast"), FORECASTS, tones=FORECAST_TONES, icon="target",
        help=_("Where it stands in the forecast, if not where its stage says."),
        synonyms=(
            "forecast category", "forecastcategory", "forecastcategoryname",
            "categoría de previsión",
        ),
    )  # fmt: skip
    state = k.choice(_("State"), STATES, tones=STATE_TONES, editable=False, index=True)
    stage_since = k.datetime(_("In this stage since"), editable=False, index=True)
    closed_at = k.datetime(
        _("Closed on"), index=True, synonyms=("closed at", "closed date", "actual close date")
    )
    lost_reason = k.choice(
        _("Lost because"),
        LOST_REASONS,
        synonyms=("closed lost reason", "lost reason", "loss reason"),
    )
    lost_note = k.text(_("What happened"), synonyms=("lost note", "closed lost notes"))
    won_reason = k.choice(
        _("Won because"),
        WON_REASONS,
        synonyms=("closed won reason", "won reason", "win reason"),
    )
    review_worked = k.text(_("What worked"), help=_("Asked when a deal is closed; may wait."))
    review_failed = k.text(_("What did not work"))
    review_learnt = k.text(_("What we learn from it"))
    source = k.text(
        _("Source"),
        index=True,
        synonyms=("lead source", "deal source", "leadsource", "origen", "fuente"),
    )
    description = k.long_text(
        _("Description"), synonyms=("deal description", "notes", "descripción", "notas")
    )
    lead = k.relation(_("Lead"), "contacts.Lead", to="lead", related_name="deals")
    external_id = k.text(
        _("External ID"), index=True, icon="hash",
        synonyms=("external id", "id", "deal id", "opportunity id", "record id"),
    )  # fmt: skip

    # The database works it out of the stage; the log leaves it out.
    state.derived = True

    class Meta:
        # A forecast asks for one quarter of many years.
        indexes = [
            models.Index(
                fields=["close_date"], name="deal_open_by_close",
                condition=Q(state="open", deleted_at=None),
            ),
            models.Index(
                fields=["closed_at"], name="deal_won_by_end",
                condition=Q(state="won", deleted_at=None),
            ),
        ]  # fmt: skip
