from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AutomationConfig(AppConfig):
    """What happens by itself when records change."""

    name = "rapport.automation"
    label = "automation"
    verbose_name = _("Automation")

    def ready(self) -> None:
        """Let the worker know what is done by the clock, and files what can be carried."""
        import_module("rapport.automation.jobs")
        import_module("rapport.automation.carrying")
