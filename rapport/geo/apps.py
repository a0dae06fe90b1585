from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class GeoConfig(AppConfig):
    """Where customers are, and whose ground that is."""

    name = "rapport.geo"
    label = "geo"
    verbose_name = _("Geography")
