"""The menu, built from the declarations a principal may see."""

from rapport.records.surfaces.nav.menu import menu, shell_key

__all__ = ["menu", "shell_key"]
