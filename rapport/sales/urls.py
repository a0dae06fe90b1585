"""Addresses of pages about sales that no list or form of the engine gives."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from rapport.records import access
from rapport.records.surfaces.api.methods import by_method
from rapport.records.surfaces.api.openapi import add_paths
from rapport.records.surfaces.nav import Place, add_part, add_place
from rapport.sales.api.conversion import funnel_paths, show_funnel_json
from rapport.sales.api.deal_review import list_review, review_paths
from rapport.sales.api.forecast import forecast_paths, list_forecast
from rapport.sales.api.forecast_calls import call_paths, create_call, list_calls
from rapport.sales.api.forecast_model import model_paths, show_model_json
from rapport.sales.api.forecast_past import list_accuracy, list_changes, past_paths
from rapport.sales.api.lead_conversion import (
    conversion_paths,
    create_conversion,
    show_conversion,
)
from rapport.sales.api.recurring import recurring_paths, show_recurring_json
from rapport.sales.goals.api import list_progress, progress_paths
from rapport.sales.goals.views import show_goals
from rapport.sales.views.conversion import show_funnel
from rapport.sales.views.deal_review import show_review
from rapport.sales.views.exit_condition import build as build_exit
from rapport.sales.views.exit_condition import count as count_exit
from rapport.sales.views.forecast import show_forecast
from rapport.sales.views.forecast_accuracy import show_accuracy
from rapport.sales.views.forecast_calls import show_calls
from rapport.sales.views.forecast_changes import show_changes
from rapport.sales.views.forecast_model import show_model
from rapport.sales.views.outcomes import show_outcomes
from rapport.sales.views.recurring import show_recurring

API = {
    "forecast": ("api-forecast", by_method(GET=list_forecast)),
    "forecast/calls": ("api-forecast-calls", by_method(GET=list_calls, POST=create_call)),
    "forecast/model": ("api-forecast-model", by_method(GET=show_model_json)),
    "forecast/changes": ("api-forecast-changes", by_method(GET=list_changes)),
    "leads/<uuid:lead_id>/conversion": (
        "api-conversion",
        by_method(GET=show_conversion, POST=create_conversion),
    ),
    "forecast/accuracy": ("api-forecast-accuracy", by_method(GET=list_accuracy)),
    "sales/conversion": ("api-sales-conversion", by_method(GET=show_funnel_json)),
    "sales/goals": ("api-sales-goals", by_method(GET=list_progress)),
    "sales/recurring": ("api-sales-recurring", by_method(GET=show_recurring_json)),
    "sales/review": ("api-sales-review", by_method(GET=list_review)),
}

urlpatterns = [
    path("outcomes/", show_outcomes, name="outcomes"),
    path("sales/conversion/", show_funnel, name="sales_conversion"),
    path("sales/goals/", show_goals, name="sales_goals"),
    path("sales/recurring/", show_recurring, name="sales_recurring"),
    path("sales/review/", show_review, name="sales_review"),
    path("stages/<uuid:stage_id>/exit/", build_exit, name="stage_exit"),
    path("stages/<uuid:stage_id>/exit/count/", count_exit, name="stage_exit_count"),
    path("forecast/", show_forecast, name="forecast"),
    path("forecast/calls/", show_calls, name="forecast_calls"),
    path("forecast/model/", show_model, name="forecast_model"),
    path("forecast/changes/", show_changes, name="forecast_changes"),
    path("forecast/accuracy/", show_accuracy, name="forecast_accuracy"),
    *(
        path(f"api/v1/{address}{slash}", view, name=f"{name}{'-slash' if slash else ''}")
        for address, (name, view) in API.items()
        for slash in ("", "/")
    ),
]
add_paths(forecast_paths)
add_part("/outcomes/", of="/sales/review/")
add_part("/sales/", of="/sales/review/")
add_paths(past_paths)
add_paths(call_paths)
add_paths(model_paths)
add_paths(conversion_paths)
add_paths(review_paths)
add_paths(funnel_paths)
add_paths(recurring_paths)
add_paths(progress_paths)
add_place(
    Place(
        _("Relationships"), 45, _("Forecast"), "/forecast/", "trend",
        lambda principal: access.may(principal, "view", "deal"),
    )
)  # fmt: skip
add_place(
    Place(
        _("Relationships"), 46, _("How we sell"), "/sales/review/", "flag",
        lambda principal: access.may(principal, "view", "deal"),
    )
)  # fmt: skip
