"""Runs an instance: database, web and worker, from start to clean end."""

from .options import ServeOptions
from .serve import serve

__all__ = ["ServeOptions", "serve"]
