"""The menu, built from the declarations a principal may see."""

from rapport.records.surfaces.nav.menu import menu, shell_key
from rapport.records.surfaces.nav.places import Place, add_part, add_place

__all__ = ["Place", "add_part", "add_place", "menu", "shell_key"]
