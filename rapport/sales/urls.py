"""Addresses of pages about sales that no list or form of the engine gives."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from rapport.records import access
from rapport.records.surfaces.api.methods import by_method
from rapport.records.surfaces.api.openapi import add_paths
from rapport.records.surfaces.nav import Place, add_part, add_place
from rapport.sales.api.forecast import forecast_paths, list_forecast
from rapport.sales.views.forecast import show_forecast
from rapport.sales.views.outcomes import show_outcomes

FORECAST = by_method(GET=list_forecast)

urlpatterns = [
    path("outcomes/", show_outcomes, name="outcomes"),
    path("forecast/", show_forecast, name="forecast"),
    path("api/v1/forecast", FORECAST, name="api-forecast"),
    path("api/v1/forecast/", FORECAST, name="api-forecast-slash"),
]
add_paths(forecast_paths)
add_part("/outcomes/", of="/deals/")
add_place(
    Place(
        _("Relationships"), 45, _("Forecast"), "/forecast/", "trend",
        lambda principal: access.may(principal, "view", "deal"),
    )
)  # fmt: skip
