from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class SalesConfig(AppConfig):
    """Deals, pipelines, stages and what currencies are worth."""

    name = "rapport.sales"
    label = "sales"
    verbose_name = _("Sales")

    def ready(self) -> None:
        from rapport.sales.seeds import seed_after_migrate

        post_migrate.connect(seed_after_migrate, sender=self, dispatch_uid="sales.seed")
