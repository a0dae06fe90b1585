"""Addresses of what can be watched, and their place among the settings."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from rapport.project import health
from rapport.records.surfaces.api.methods import by_method
from rapport.records.surfaces.api.openapi import add_paths
from rapport.setup.views.index import Entry, add_entry

from . import views
from .api import health_paths, show_health
from .metrics import metrics

API = by_method(GET=show_health)

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", metrics, name="metrics"),
    path("setup/health/", views.health, name="setup_health"),
    path("setup/health/statements/", views.slow, name="setup_health_statements"),
    path("api/v1/health", API, name="api-health"),
    path("api/v1/health/", API, name="api-health-slash"),
]

add_entry(
    views.health,
    Entry("setup_health", _("Health"), _("Is all well, and what to do if not"), "server", "house"),
)
add_paths(health_paths)
