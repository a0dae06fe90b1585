from importlib import import_module

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules

FAVOURITES = (
    "(SELECT count(*) FROM records_viewuse AS use WHERE use.user_id = {user} AND use.is_favourite)"
)


class RecordsConfig(AppConfig):
    """The engine; when all models are loaded it takes in every domain's declarations."""

    name = "rapport.records"
    label = "records"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from rapport.accounts.identity import read_along
        from rapport.records import checks, registry
        from rapport.records.models import Attachment, Link, Share

        read_along("views", "(SELECT number FROM records_viewsversion)")
        read_along("favourites", FAVOURITES)
        registry.log(Link, "link", "from_id")
        registry.log(Attachment, "attachment", "record_id")
        registry.log(Share, "share", "record_id")
        import_module("rapport.records.imports.jobs")
        import_module("rapport.records.imports.tidying")
        import_module("rapport.records.bulk.job")
        import_module("rapport.records.surfaces.export.job")
        import_module("rapport.records.surfaces.export.everything_job")
        import_module("rapport.records.attachments.tidying")
        import_module("rapport.records.sharing.tidying")
        import_module("rapport.records.store.purging")
        import_module("rapport.records.metadata.tasks")
        import_module("rapport.records.rollups.job")
        import_module("rapport.records.rollups.tasks")
        import_module("rapport.records.tallies.tasks")
        import_module("rapport.records.changes.sealing")
        import_module("rapport.records.changes.undo_job")
        import_module("rapport.records.reads.keeping")
        import_module("rapport.records.duplicates.sweeping")
        import_module("rapport.records.duplicates.together")
        import_module("rapport.records.search.visits")
        import_module("rapport.records.search.rereading")
        import_module("rapport.records.advice.building")
        import_module("rapport.records.surfaces.fixing.panels")
        import_module("rapport.records.surfaces.timeline.panels")
        import_module("rapport.records.surfaces.api.repeating")
        import_module("rapport.records.surfaces.agents.budget")
        import_module("rapport.records.permission_tests.running").listen()
        autodiscover_modules("records")
        registry.settle()
        checks.register()
