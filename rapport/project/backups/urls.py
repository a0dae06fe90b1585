"""Addresses of the pages of backups, and their place among the settings."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from rapport.records.surfaces.api.methods import by_method
from rapport.records.surfaces.api.openapi import add_paths
from rapport.setup.views.index import Entry, add_entry

from . import views
from .api import backup_paths, create_backup, list_backups

API = by_method(GET=list_backups, POST=create_backup)

urlpatterns = [
    path("setup/backups/", views.backups, name="setup_backups"),
    path("setup/backups/make/", views.make, name="setup_backup_make"),
    path("setup/backups/<str:backup>/", views.show, name="setup_backup"),
    path("setup/backups/<str:backup>/test/", views.check, name="setup_backup_test"),
    path("setup/backups/<str:backup>/restore/", views.restore, name="setup_backup_restore"),
    path("setup/backups/<str:backup>/download/", views.download, name="setup_backup_download"),
    path(
        "setup/backups/<str:backup>/download/<str:stamp>/",
        views.hand_out,
        name="setup_backup_signed",
    ),
    path("setup/backups/<str:backup>/delete/", views.delete, name="setup_backup_delete"),
    path("api/v1/backups", API, name="api-backups"),
    path("api/v1/backups/", API, name="api-backups-slash"),
]

add_entry(
    views.backups,
    Entry(
        "setup_backups", _("Backups"), _("Everything in one file, and tested"), "archive", "house"
    ),
)
add_paths(backup_paths)
