from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CatalogConfig(AppConfig):
    """Products, what they cost and how many there are."""

    name = "rapport.catalog"
    label = "catalog"
    verbose_name = _("Catalog")
