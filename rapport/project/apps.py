from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProjectConfig(AppConfig):
    name = "rapport.project"
    label = "project"
    verbose_name = _("Project")

    def ready(self) -> None:
        """Let the worker know the project's own jobs, and connections tell what they do."""
        import_module("rapport.project.demo.jobs")
        import_module("rapport.project.backups.work")
        import_module("rapport.project.observing.telling")
        import_module("rapport.project.observing.statements").observe_connections()
