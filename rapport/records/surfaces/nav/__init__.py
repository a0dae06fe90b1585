"""The menu, built from the declarations a principal may see."""

from rapport.records.surfaces.nav.menu import menu

__all__ = ["menu"]
